// Any bytes as config.json: refused with an Error, or a config whose sizes fit together.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "prepare/checkpoint/config.h"
#include "prepare/checkpoint/config_families.h"
#include "tastevin/error.h"

namespace {

void check(const tastevin::checkpoint::ModelConfig& config) {
  if (config.model_type.empty() || config.labels.empty()) std::abort();
  if (tastevin::checkpoint::find_config_family(config.model_type) == nullptr) return;
  if (config.heads == 0 || config.hidden_size == 0 || config.layers == 0) std::abort();
  if (config.hidden_size % config.heads != 0 || config.pad_token_id >= config.vocab_size) std::abort();
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check(tastevin::checkpoint::parse_config(tastevin::parse_json(text, "fuzz"), "fuzz"));
  } catch (const tastevin::Error&) {
    return 0;
  }
  return 0;
}
