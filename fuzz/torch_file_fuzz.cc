// Any bytes as a file of torch.save: refused with an Error, or every byte of every tensor can be read and they take no
// more memory than the file has bytes.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "prepare/checkpoint/torch_file.h"
#include "tastevin/error.h"

namespace {

void check_bytes(const tastevin::checkpoint::Tensors& tensors, std::size_t file_size) {
  volatile unsigned sum = 0;
  for (const auto& [name, tensor] : tensors) {
    if (tensor.bytes > file_size) std::abort();
    for (std::size_t i = 0; i < tensor.bytes; ++i) sum = sum + static_cast<unsigned char>(tensor.data[i]);
  }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const std::string_view file(reinterpret_cast<const char*>(data), size);
    check_bytes(tastevin::checkpoint::parse_torch_file(file, nullptr, "fuzz"), size);
  } catch (const tastevin::Error&) {
    return 0;
  }
  return 0;
}
