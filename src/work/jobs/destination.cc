#include "work/jobs/destination.h"

#include "base/error.h"
#include "work/jobs/parts.h"
#include "work/tables/byte_sink.h"

namespace tastevin::jobs {
namespace {

class StandardOutput : public Destination {
 public:
  StandardOutput(tables::Format format, const Output& output)
      : sink_(tables::create(tables::kStandardStream, format.packing)) {
    sink_->write(output.head());
  }

  std::size_t finished() const override { return 0; }
  std::string more(std::size_t /*part*/) const override { return {}; }
  void add(std::string_view part, std::string_view /*more*/) override { sink_->write(part); }
  void finish() override { sink_->close(); }

 private:
  std::unique_ptr<tables::ByteSink> sink_;
};

class FileOfParts : public Destination {
 public:
  FileOfParts(const JobOptions& job, std::string_view record, const Output& output)
      : FileOfParts(job, record, output, job.input != tables::kStandardStream) {}
  ~FileOfParts() override {
    if (!kept_ || parts_.finished() == 0) parts_.discard();  // nothing to go on with
  }
  FileOfParts(const FileOfParts&) = delete;
  FileOfParts& operator=(const FileOfParts&) = delete;

  std::size_t finished() const override { return parts_.finished(); }
  std::string more(std::size_t part) const override { return parts_.more(part); }
  void add(std::string_view part, std::string_view more) override { parts_.add(part, more); }
  void finish() override {
    parts_.join([this](const auto& parts, const auto& file) { output_.join(parts, file); });
  }

 private:
  FileOfParts(const JobOptions& job, std::string_view record, const Output& output, bool kept)
      : parts_(job.output, kept ? record : kNotToBeResumed, job.resume ? Earlier::gone_on_with : Earlier::refused),
        output_(output),
        kept_(kept) {}

  Parts parts_;
  const Output& output_;
  bool kept_;
};

}  // namespace

std::unique_ptr<Destination> destination_of(const JobOptions& job, tables::Format format, std::string_view record,
                                            const Output& output) {
  const bool piped = job.output == tables::kStandardStream;
  if (job.resume && (piped || job.input == tables::kStandardStream)) {
    throw Error(ErrorCode::invalid_argument,
                "resume: expected files; what went through standard input or output is gone");
  }
  if (!piped) return std::make_unique<FileOfParts>(job, record, output);
  if (tables::is_text(format.form)) return std::make_unique<StandardOutput>(format, output);
  throw Error(ErrorCode::invalid_argument,
              "standard output: expected csv, tsv or jsonl; parquet and arrow are known when all rows are");
}

}  // namespace tastevin::jobs
