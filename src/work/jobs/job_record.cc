#include "work/jobs/job_record.h"

#include <algorithm>
#include <filesystem>

#include "base/digest.h"
#include "base/files.h"
#include "base/json.h"
#include "base/mapped_file.h"
#include "tastevin/version.h"
#include "work/tables/format.h"
#include "work/tables/input_files.h"

namespace tastevin::jobs {
namespace {

namespace fs = std::filesystem;

/// Changes whenever a file that the model was read from does.
std::string digest_of_model(const ModelInfo& model) {
  Digest digest = Digest::sha256();
  for (const fs::path& file : model.files) {
    digest.update(file.filename().string() + "\n");
    if (size_of(file) > 0) digest.update(MappedFile(file).text());
  }
  return digest.hex();
}

/// Of what stands at the two ends of a file: all of a large input would be read twice. A time would not be the same
/// where a run goes on with copies.
std::string digest_of_ends(const fs::path& file) {
  constexpr std::size_t kBytes = std::size_t{64} << 10U;
  Digest digest = Digest::sha256();
  if (size_of(file) == 0) return digest.hex();
  const MappedFile mapped(file);
  const std::string_view bytes = mapped.text();
  digest.update(bytes.substr(0, kBytes));
  digest.update(bytes.substr(bytes.size() - std::min(bytes.size(), kBytes)));
  return digest.hex();
}

}  // namespace

std::string record_of(const Classifier& classifier, const JobOptions& job, const std::string& options) {
  AnswerJson json{{"tastevin", version()},
                  {"model", digest_of_model(classifier.info())},
                  {"files", AnswerJson::array()},
                  {"precision", name_of(classifier.precision())},
                  {"streams", classifier.streams()},
                  {"temperature", classifier.info().calibration.temperature},
                  {"reject_below", classifier.info().calibration.reject_below.value_or(0.0F)},
                  {"thresholds", classifier.info().calibration.thresholds},
                  {"rows_a_part", kRowsAPart},
                  {"bytes_a_part", kBytesAPart}};
  for (const fs::path& file : tables::files_of(job.input)) {
    if (file == tables::kStandardStream) continue;
    json["files"].push_back(
        {{"name", fs::absolute(file).string()}, {"bytes", size_of(file)}, {"ends", digest_of_ends(file)}});
  }
  JobOptions::fields(job, [&json](const char* name, const auto& value, const char*) {
    if (std::string_view(name) != "resume") json[name] = value;
  });
  json["options"] = options;
  return dumped(json, 2);
}

}  // namespace tastevin::jobs
