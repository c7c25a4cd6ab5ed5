// The small files that are read beside a model or by the server. The first byte chooses: calibration.json, the file of
// API keys, or a compiled graph in its cache.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "apps/server/api_keys.h"
#include "classify/runtime/blob_store.h"
#include "support/temporary_folder.h"
#include "tastevin/calibrate.h"
#include "tastevin/error.h"

namespace {

using namespace tastevin;

void require(bool holds) {
  if (!holds) std::abort();
}

/// What is taken is written as what is read back the same.
void check_calibration(const TemporaryFolder& folder, std::string_view bytes) {
  folder.write("calibration.json", bytes);
  const Calibration calibration = read_calibration(folder.path());
  require(std::isfinite(calibration.temperature) && calibration.temperature > 0);
  for (const float threshold : calibration.thresholds) require(threshold >= 0 && threshold <= 1);
  write_calibration(folder.path(), calibration);
  const Calibration again = read_calibration(folder.path());
  require(again.temperature == calibration.temperature && again.thresholds == calibration.thresholds);
  require(again.reject_below == calibration.reject_below && again.other == calibration.other);
}

void check_keys(const TemporaryFolder& folder, std::string_view bytes) {
  const server::ApiKeys keys = server::ApiKeys::read(folder.write("keys", bytes));
  require(!keys.open_to("") && !keys.open_to("Bearer ") && !keys.open_to("Bearer no key of this file\n"));
}

/// No bytes are a blob but those with the trailer of their checksum; a damaged one is gone.
void check_blob(const TemporaryFolder& folder, std::string_view bytes) {
  folder.write(std::string("key") + runtime::BlobStore::kEnding, bytes);
  const runtime::BlobStore store(folder.path());
  try {
    const auto blob = store.find("key");
    require(blob.has_value() && blob->size + 128 == bytes.size());
  } catch (const Error&) {
    require(!store.find("key"));
  }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const TemporaryFolder folder;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    if (data[0] % 3 == 0) check_calibration(folder, bytes);
    if (data[0] % 3 == 1) check_keys(folder, bytes);
    if (data[0] % 3 == 2) check_blob(folder, bytes);
  } catch (const Error& error) {
    require(error.code() != ErrorCode::internal);
  }
  return 0;
}
