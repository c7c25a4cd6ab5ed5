#include "base/files.h"

#include <algorithm>
#include <system_error>

#include "base/error.h"

namespace tastevin {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const std::error_code& reason) {
  throw Error(ErrorCode::not_found, in_quotes(path.string(), 200) + ": cannot be looked at: " + reason.message());
}

std::filesystem::file_type type_of(const std::filesystem::path& path) {
  std::error_code reason;
  const std::filesystem::file_type type = std::filesystem::status(path, reason).type();
  if (type == std::filesystem::file_type::none) fail(path, reason);
  return type;
}

}  // namespace

bool is_there(const std::filesystem::path& path) { return type_of(path) != std::filesystem::file_type::not_found; }
bool is_file(const std::filesystem::path& path) { return type_of(path) == std::filesystem::file_type::regular; }
bool is_folder(const std::filesystem::path& path) { return type_of(path) == std::filesystem::file_type::directory; }

std::uintmax_t size_of(const std::filesystem::path& file) {
  std::error_code reason;
  const std::uintmax_t size = std::filesystem::file_size(file, reason);
  if (reason) fail(file, reason);
  return size;
}

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code reason;
  for (std::filesystem::directory_iterator entry(folder, reason), end; !reason && entry != end;
       entry.increment(reason)) {
    if (is_file(entry->path())) files.push_back(entry->path());
  }
  if (reason) fail(folder, reason);
  std::ranges::sort(files);
  return files;
}

std::string name_of_folder(const std::filesystem::path& folder) {
  std::error_code reason;
  const std::filesystem::path plain = std::filesystem::absolute(folder, reason).lexically_normal();
  if (reason) fail(folder, reason);
  return (plain.has_filename() ? plain : plain.parent_path()).filename().string();
}

}  // namespace tastevin
