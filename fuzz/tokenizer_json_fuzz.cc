// Any bytes as tokenizer.json: refused with an `Error`, or a tokenizer whose answers hold together.

#include <cstddef>
#include <cstdint>

#include "tokenizer_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const tastevin::TemporaryFolder folder;
  folder.write("tokenizer.json", {reinterpret_cast<const char*>(data), size});
  tastevin::fuzz::check_folder(folder);
  return 0;
}
