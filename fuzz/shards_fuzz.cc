// Any bytes as model.safetensors.index.json beside two good files: refused, or tensors of these two. The Hub's reader
// of the same file gives names that stay in their folder.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "prepare/checkpoint/safetensors.h"
#include "prepare/checkpoint/shards.h"
#include "prepare/hub/needed_files.h"
#include "prepare/hub/repository.h"
#include "support/safetensors_bytes.h"
#include "support/temporary_folder.h"
#include "tastevin/error.h"

namespace {

using namespace tastevin;

class Folder {
 public:
  Folder() {
    for (const std::string name : {"a", "b"})
      folder_.write(name,
                    safetensors_bytes("{\"" + name + R"(":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", "x"));
  }

  std::filesystem::path index(std::string_view bytes) const { return folder_.write("index.json", bytes); }

 private:
  TemporaryFolder folder_;
};

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    for (const auto& [name, tensor] : checkpoint::read_shards(folder.index(bytes), checkpoint::read_safetensors)) {
      if ((name != "a" && name != "b") || tensor.bytes != 1) std::abort();
    }
  } catch (const Error&) {
  }
  try {
    for (const std::string& name : hub::shards_of(bytes, "fuzz")) {
      if (!hub::is_path_inside(name)) std::abort();
    }
  } catch (const Error& error) {
    if (error.code() != ErrorCode::bad_checkpoint) std::abort();
  }
  return 0;
}
