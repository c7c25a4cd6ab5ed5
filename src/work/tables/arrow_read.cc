#include <arrow/api.h>
#include <arrow/io/api.h>
#include <arrow/ipc/api.h>
#include <arrow/util/compression.h>
#include <parquet/arrow/reader.h>

#include <cstdint>
#include <optional>
#include <streambuf>
#include <utility>

#include "base/files.h"
#include "base/last_error.h"
#include "work/tables/arrow_module.h"
#include "work/tables/arrow_status.h"
#include "work/tables/arrow_values.h"
#include "work/tables/plain_types.h"
#include "work/tables/text_table.h"
#include "work/tables/typed_rows.h"

namespace tastevin::tables {
namespace {

std::shared_ptr<arrow::io::ReadableFile> opened(const std::filesystem::path& file) {
  return read_or_fail(arrow::io::ReadableFile::Open(file.string()), file);
}

/// Whether a read of standard input is over with what has come, or only with as much as was asked for.
enum class Reads : std::uint8_t { what_has_come, all };

/// Standard input, which Arrow's own stream would wait for when nobody waits for it any more.
class StandardInput : public arrow::io::InputStream {
 public:
  StandardInput(ReadInput* input, Reads reads) : input_(input), reads_(reads) {}

  arrow::Status Close() override { return arrow::Status::OK(); }
  bool closed() const override { return false; }
  arrow::Result<std::int64_t> Tell() const override { return read_; }

  arrow::Result<std::int64_t> Read(std::int64_t count, void* out) override {
    std::int64_t all = 0;
    while (all < count) {
      const std::ptrdiff_t got = input_(static_cast<char*>(out) + all, static_cast<std::size_t>(count - all));
      if (got < 0) return arrow::Status::IOError(last_error().message());
      all += got;
      if (got == 0 || reads_ == Reads::what_has_come) break;
    }
    read_ += all;
    return all;
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(std::int64_t count) override {
    ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateResizableBuffer(count));
    ARROW_ASSIGN_OR_RAISE(const std::int64_t got, Read(count, buffer->mutable_data()));
    ARROW_RETURN_NOT_OK(buffer->Resize(got));
    return std::shared_ptr<arrow::Buffer>(std::move(buffer));
  }

 private:
  ReadInput* input_;
  Reads reads_;
  std::int64_t read_ = 0;
};

/// The bytes of a file or of standard input, unpacked while they are read.
std::shared_ptr<arrow::io::InputStream> input_of(const std::filesystem::path& file, Packing packing,
                                                 std::shared_ptr<arrow::io::InputStream> piped) {
  std::shared_ptr<arrow::io::InputStream> bytes = file == kStandardStream ? std::move(piped) : opened(file);
  if (packing == Packing::none) return bytes;
  const auto compression = packing == Packing::gzip ? arrow::Compression::GZIP : arrow::Compression::ZSTD;
  const auto codec = read_or_fail(arrow::util::Codec::Create(compression), file);
  return read_or_fail(arrow::io::CompressedInputStream::Make(codec.get(), bytes), file);
}

/// Batches, and how much of their file they are.
class Batches {
 public:
  virtual ~Batches() = default;
  virtual std::shared_ptr<arrow::Schema> schema() const = 0;
  /// No batch after the last.
  virtual arrow::Status next(std::shared_ptr<arrow::RecordBatch>& batch) = 0;
  virtual std::optional<double> share_read() const = 0;
};

/// Rows at a time: a batch may be the whole file.
constexpr std::int64_t kRowsABlock = 4096;

class ArrowReader : public TableReader {
 public:
  ArrowReader(std::filesystem::path file, std::unique_ptr<Batches> batches)
      : file_(std::move(file)), batches_(std::move(batches)), names_(batches_->schema()->field_names()) {}

  const std::vector<std::string>& names() const override { return names_; }
  std::optional<double> share_read() const override {
    const std::optional<double> share = batches_->share_read();
    if (!share || !share_before_ || !batch_ || batch_->num_rows() == 0) return share;
    const double of_batch = static_cast<double>(begin_) / static_cast<double>(batch_->num_rows());
    return *share_before_ + (*share - *share_before_) * of_batch;
  }
  std::string types() const override {
    std::string types;
    for (const auto& field : batches_->schema()->fields()) {
      if (!types.empty()) types += '\n';
      types += field->WithType(plain(field->type()))->ToString();
    }
    return types;
  }

  std::optional<Rows> next() override {
    while (!batch_ || begin_ == batch_->num_rows()) {
      begin_ = 0;
      share_before_ = batches_->share_read();
      batch_.reset();
      if (const arrow::Status status = batches_->next(batch_); !status.ok()) fail_to_read(file_, status);
      if (batch_) continue;
      if (has_begun_) return std::nullopt;
      batch_ = read_or_fail(arrow::RecordBatch::MakeEmpty(batches_->schema()), file_);
      break;  // no rows, but they have types
    }
    has_begun_ = true;
    const auto block = batch_->Slice(begin_, kRowsABlock);
    begin_ += block->num_rows();
    return rows_of(block);
  }

 private:
  Rows rows_of(const std::shared_ptr<arrow::RecordBatch>& block) const {
    Rows rows = tables::rows_of(names_.size());
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const arrow::Array& values = *block->column(static_cast<int>(i));
      rows.columns[i] = column_of(values, file_);
      rows.missing.push_back(missing_of(values));
      rows.json.emplace_back(rows.columns[i].size(), is_json(*values.type()));
    }
    rows.typed.push_back({std::make_shared<TypedRows>(block), 0, rows.count()});
    return rows;
  }

  std::filesystem::path file_;
  std::unique_ptr<Batches> batches_;
  std::vector<std::string> names_;
  std::shared_ptr<arrow::RecordBatch> batch_;
  std::int64_t begin_ = 0;              // of the batch, what is not given yet
  std::optional<double> share_before_;  // of the file, what was read before the batch
  bool has_begun_ = false;
};

double share(std::int64_t part, std::int64_t all) {
  return all == 0 ? 1 : static_cast<double>(part) / static_cast<double>(all);
}

/// Reads pages as they are needed: the columns of a group of rows may be larger than memory.
std::unique_ptr<parquet::arrow::FileReader> opened_parquet(const std::filesystem::path& file) {
  parquet::ReaderProperties bytes = parquet::default_reader_properties();
  bytes.enable_buffered_stream();
  parquet::ArrowReaderProperties batches = parquet::default_arrow_reader_properties();
  batches.set_batch_size(kRowsABlock);
  batches.set_pre_buffer(false);
  parquet::arrow::FileReaderBuilder builder;
  if (const arrow::Status status = builder.Open(opened(file), bytes); !status.ok()) fail_to_read(file, status);
  return read_or_fail(builder.properties(batches)->Build(), file);
}

/// A Parquet file's batches, which borrow from their reader.
class ParquetBatches : public Batches {
 public:
  explicit ParquetBatches(const std::filesystem::path& file)
      : file_(opened_parquet(file)), batches_(read_or_fail(file_->GetRecordBatchReader(), file)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return batches_->schema(); }
  arrow::Status next(std::shared_ptr<arrow::RecordBatch>& batch) override {
    ARROW_RETURN_NOT_OK(batches_->ReadNext(&batch));
    rows_ += batch ? batch->num_rows() : 0;
    return arrow::Status::OK();
  }
  std::optional<double> share_read() const override {
    return share(rows_, file_->parquet_reader()->metadata()->num_rows());
  }

 private:
  std::unique_ptr<parquet::arrow::FileReader> file_;
  std::shared_ptr<arrow::RecordBatchReader> batches_;
  std::int64_t rows_ = 0;
};

/// The batches of an Arrow IPC file, whose index stands at its end.
class ArrowFileBatches : public Batches {
 public:
  explicit ArrowFileBatches(const std::filesystem::path& file)
      : file_(read_or_fail(arrow::ipc::RecordBatchFileReader::Open(opened(file)), file)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return file_->schema(); }
  arrow::Status next(std::shared_ptr<arrow::RecordBatch>& batch) override {
    if (next_ == file_->num_record_batches()) return arrow::Status::OK();
    return file_->ReadRecordBatch(next_++).Value(&batch);
  }
  std::optional<double> share_read() const override { return share(next_, file_->num_record_batches()); }

 private:
  std::shared_ptr<arrow::ipc::RecordBatchFileReader> file_;
  int next_ = 0;
};

class ArrowStreamBatches : public Batches {
 public:
  ArrowStreamBatches(const std::filesystem::path& file, Packing packing, ReadInput* input)
      : stream_(read_or_fail(arrow::ipc::RecordBatchStreamReader::Open(
                                 input_of(file, packing, std::make_shared<StandardInput>(input, Reads::all))),
                             file)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return stream_->schema(); }
  arrow::Status next(std::shared_ptr<arrow::RecordBatch>& batch) override { return stream_->ReadNext(&batch); }
  std::optional<double> share_read() const override { return std::nullopt; }

 private:
  std::shared_ptr<arrow::RecordBatchReader> stream_;
};

std::unique_ptr<Batches> typed_batches(const std::filesystem::path& file, Format format, ReadInput* input) {
  if (format.form == Form::parquet) return std::make_unique<ParquetBatches>(file);
  if (format.form == Form::arrow_file) return std::make_unique<ArrowFileBatches>(file);
  return std::make_unique<ArrowStreamBatches>(file, format.packing, input);
}

/// A compressed file as the standard library reads bytes.
class UnpackingBuffer : public std::streambuf {
 public:
  UnpackingBuffer(std::filesystem::path file, Packing packing, ReadInput* input)
      : file_(std::move(file)),
        input_(input_of(file_, packing, std::make_shared<StandardInput>(input, Reads::what_has_come))),
        block_(std::size_t{1} << 16U) {}

 protected:
  int_type underflow() override {
    const std::int64_t count =
        read_or_fail(input_->Read(static_cast<std::int64_t>(block_.size()), block_.data()), file_);
    if (count == 0) return traits_type::eof();
    setg(block_.data(), block_.data(), block_.data() + count);
    return traits_type::to_int_type(block_.front());
  }

 private:
  std::filesystem::path file_;
  std::shared_ptr<arrow::io::InputStream> input_;
  std::vector<char> block_;
};

}  // namespace
}  // namespace tastevin::tables

extern "C" __attribute__((visibility("default"))) void tastevin_open_table(
    const std::filesystem::path& file, tastevin::tables::Format format, tastevin::tables::ReadInput* input,
    std::unique_ptr<tastevin::tables::TableReader>& reader) {
  using namespace tastevin::tables;  // NOLINT(google-build-using-namespace): of one function
  if (is_text(format.form)) {
    const bool has_size = file != kStandardStream && format.packing == Packing::none;
    const auto size = has_size ? std::optional(static_cast<std::int64_t>(tastevin::size_of(file))) : std::nullopt;
    const auto piped = std::make_shared<StandardInput>(input, Reads::what_has_come);
    reader = open_text_table({file, format.form, input_of(file, format.packing, piped), size});
  } else {
    reader = std::make_unique<ArrowReader>(file, typed_batches(file, format, input));
  }
}

extern "C" __attribute__((visibility("default"))) void tastevin_open_packed(const std::filesystem::path& file,
                                                                            tastevin::tables::Packing packing,
                                                                            tastevin::tables::ReadInput* input,
                                                                            std::unique_ptr<std::streambuf>& bytes) {
  bytes = std::make_unique<tastevin::tables::UnpackingBuffer>(file, packing, input);
}
