// Any bytes as a safetensors file: refused with an Error, or every tensor lies in the file and no two share a byte.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "prepare/checkpoint/safetensors.h"
#include "tastevin/error.h"

namespace {

void check_cover(const std::vector<tastevin::checkpoint::TensorEntry>& entries, std::size_t file_size) {
  std::size_t end = entries.empty() ? file_size : entries.front().begin;
  for (const auto& entry : entries) {
    if (entry.begin != end || entry.bytes > file_size - entry.begin) std::abort();
    end += entry.bytes;
  }
  if (end != file_size) std::abort();
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const std::string_view file(reinterpret_cast<const char*>(data), size);
    check_cover(tastevin::checkpoint::read_header(file, "fuzz"), size);
  } catch (const tastevin::Error&) {
    return 0;
  }
  return 0;
}
