#include "calibration_file.h"

#include <fstream>

#include "base/draft.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "tastevin/calibrate.h"

namespace tastevin {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& file, const char* key, const char* expected) {
  throw Error(ErrorCode::bad_checkpoint, file.string() + ": " + key + ": expected " + expected);
}

// Beyond these scores are 0 and 1, or all alike, whatever the text.
constexpr double kLeastTemperature = 1e-3;
constexpr double kMostTemperature = 1e3;

bool is_score(double value) { return value >= 0 && value <= 1; }

}  // namespace

Calibration read_calibration(const fs::path& file) {
  constexpr std::size_t kMostBytes = std::size_t{4} << 20U;  // a threshold for each of 100,000 labels
  if (!is_file(file)) return {};
  const Json json = read_json_object(file, kMostBytes);
  Calibration calibration;
  calibration.temperature = number_or(json, "temperature", 1, file.string());
  if (calibration.temperature < kLeastTemperature || calibration.temperature > kMostTemperature)
    refuse(file, "temperature", "a number from 0.001 to 1000");
  if (find_member(json, "reject_below") != nullptr) {
    const double reject_below = number_or(json, "reject_below", 0, file.string());
    if (!is_score(reject_below)) refuse(file, "reject_below", "a number from 0 to 1");
    calibration.reject_below = static_cast<float>(reject_below);
    calibration.other = require_string(json, "other", file.string());
  }
  if (const Json* thresholds = find_member(json, "thresholds"); thresholds != nullptr) {
    if (!thresholds->is_array()) refuse(file, "thresholds", "a list, a number for each label");
    for (const Json& threshold : *thresholds) {
      if (!threshold.is_number() || !is_score(threshold.get<double>()))
        refuse(file, "thresholds", "numbers from 0 to 1");
      calibration.thresholds.push_back(threshold.get<float>());
    }
  }
  return calibration;
}

Calibration stored_calibration(const ModelInfo& model) {
  Calibration calibration = read_calibration(model.calibration_file);
  const std::size_t thresholds = calibration.thresholds.size();
  if (thresholds > 0 && (model.task != Task::multi_label || thresholds != model.labels.size())) {
    throw Error(ErrorCode::bad_checkpoint, model.calibration_file.string() + ": thresholds: expected one for each of " +
                                               std::to_string(model.labels.size()) +
                                               " labels that hold together, found " + std::to_string(thresholds));
  }
  return calibration;
}

void write_calibration(const fs::path& file, const Calibration& calibration) {
  nlohmann::ordered_json json{{"temperature", calibration.temperature}};
  if (calibration.reject_below) {
    json["reject_below"] = *calibration.reject_below;
    json["other"] = calibration.other;
  }
  if (!calibration.thresholds.empty()) json["thresholds"] = calibration.thresholds;
  const Draft draft(file, draft_mark());
  std::ofstream out(draft.path());
  out << dumped(json, 2) << "\n";
  out.close();
  if (out && !draft.move_into_place()) return;
  throw Error(ErrorCode::unavailable, file.string() + ": cannot be written");
}

}  // namespace tastevin
