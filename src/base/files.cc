#include "base/files.h"

#include <system_error>

#include "base/error.h"

namespace tastevin {
namespace {

std::filesystem::file_type type_of(const std::filesystem::path& path) {
  std::error_code reason;
  const std::filesystem::file_type type = std::filesystem::status(path, reason).type();
  if (type == std::filesystem::file_type::none)
    throw Error(ErrorCode::not_found, in_quotes(path.string(), 200) + ": cannot be looked at: " + reason.message());
  return type;
}

}  // namespace

bool is_there(const std::filesystem::path& path) { return type_of(path) != std::filesystem::file_type::not_found; }
bool is_file(const std::filesystem::path& path) { return type_of(path) == std::filesystem::file_type::regular; }
bool is_folder(const std::filesystem::path& path) { return type_of(path) == std::filesystem::file_type::directory; }

}  // namespace tastevin
