#include "bundled_model.h"

#include "tastevin/error.h"

namespace tastevin::cli {

std::filesystem::path bundled_model() {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const char* place : {"../share/tastevin/models/sst2-tiny", "../../models/sst2-tiny"}) {
    const fs::path folder = (program / place).lexically_normal();
    if (fs::is_directory(folder, ignored)) return folder;
  }
  throw Error(ErrorCode::not_found,
              "the bundled model: not found beside " + program.string() + "; name one with --model");
}

}  // namespace tastevin::cli
