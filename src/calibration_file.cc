#include <unistd.h>

#include <cmath>
#include <fstream>

#include "base/error.h"
#include "base/json.h"
#include "tastevin/calibrate.h"

namespace tastevin {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFile = "calibration.json";

[[noreturn]] void refuse(const fs::path& file, const char* key, const char* expected) {
  throw Error(ErrorCode::bad_checkpoint, file.string() + ": " + key + ": expected " + expected);
}

}  // namespace

Calibration read_calibration(const fs::path& folder) {
  constexpr std::size_t kMostBytes = 65536;
  const fs::path file = folder / kFile;
  if (!fs::is_regular_file(file)) return {};
  const Json json = read_json_object(file, kMostBytes);
  Calibration calibration;
  calibration.temperature = number_or(json, "temperature", 1, file.string());
  if (!std::isfinite(calibration.temperature) || calibration.temperature <= 0)
    refuse(file, "temperature", "a number above 0");
  if (find_member(json, "reject_below") == nullptr) return calibration;
  const double reject_below = number_or(json, "reject_below", 0, file.string());
  if (!(reject_below >= 0 && reject_below <= 1)) refuse(file, "reject_below", "a number from 0 to 1");
  calibration.reject_below = static_cast<float>(reject_below);
  calibration.other = require_string(json, "other", file.string());
  return calibration;
}

void write_calibration(const fs::path& folder, const Calibration& calibration) {
  nlohmann::ordered_json json{{"temperature", calibration.temperature}};
  if (calibration.reject_below) {
    json["reject_below"] = *calibration.reject_below;
    json["other"] = calibration.other;
  }
  const fs::path file = folder / kFile;
  const fs::path draft = file.string() + ".new." + std::to_string(::getpid());
  std::ofstream out(draft);
  out << json.dump(2) << "\n";
  out.close();
  std::error_code error;
  if (out) fs::rename(draft, file, error);
  if (out && !error) return;
  std::error_code ignored;
  fs::remove(draft, ignored);
  throw Error(ErrorCode::unavailable, file.string() + ": cannot be written");
}

}  // namespace tastevin
