#include "work/tables/input_files.h"

#include <fnmatch.h>
#include <glob.h>

#include <algorithm>

#include "base/error.h"
#include "base/files.h"
#include "work/tables/format.h"

namespace tastevin::tables {
namespace {

namespace fs = std::filesystem;

bool is_hidden(const std::string& name) { return name.starts_with('.') || name.starts_with('_'); }  // Spark's _SUCCESS

std::vector<fs::path> tables_in(const fs::path& folder) {
  std::vector<fs::path> files = files_in(folder);
  std::erase_if(files, [](const fs::path& file) { return is_hidden(file.filename().string()); });
  return files;
}

std::vector<fs::path> files_like(const std::string& pattern) {
  glob_t found{};
  std::vector<fs::path> files;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): it is so for ~ alone, which is not asked for
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    for (std::size_t i = 0; i < found.gl_pathc; ++i) {
      const fs::path path = found.gl_pathv[i];
      if (is_file(path)) files.push_back(path);
    }
  }
  ::globfree(&found);
  std::ranges::sort(files);
  return files;
}

/// Whether `pattern` would mean `file` if it were there, however the folder of each is spelt.
bool is_like(const fs::path& pattern, const fs::path& file) {
  if (::fnmatch(pattern.filename().c_str(), file.filename().c_str(), FNM_PERIOD) != 0) return false;
  const auto folder_of = [](const fs::path& path) {
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
  };
  std::error_code not_there;
  glob_t found{};
  bool is_there = false;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): it is so for ~ alone, which is not asked for
  if (::glob(folder_of(pattern).c_str(), GLOB_NOMAGIC, nullptr, &found) == 0) {
    for (std::size_t i = 0; i < found.gl_pathc; ++i)
      is_there = is_there || fs::equivalent(found.gl_pathv[i], folder_of(file), not_there);
  }
  ::globfree(&found);
  return is_there;
}

}  // namespace

std::vector<fs::path> files_of(const std::string& input) {
  if (input == kStandardStream || is_file(input)) return {input};
  const bool is_pattern = input.find_first_of("*?[") != std::string::npos;
  std::vector<fs::path> files = is_folder(input) ? tables_in(input) : std::vector<fs::path>{};
  if (files.empty() && is_pattern) files = files_like(input);
  if (!files.empty()) return files;
  std::error_code not_there;
  if (fs::is_fifo(input, not_there))
    throw Error(ErrorCode::invalid_argument,
                in_quotes(input, 200) + ": expected a file, found a pipe: standard input (-) takes one");
  const bool there = is_there(input);
  throw Error(ErrorCode::not_found, in_quotes(input, 200) + (there        ? ": holds no file"
                                                             : is_pattern ? ": no file is called so"
                                                                          : ": no such file"));
}

bool is_one_of(const std::string& input, const fs::path& file) {
  if (input == kStandardStream || file == kStandardStream) return false;
  std::error_code not_there;
  if (fs::is_directory(input, not_there)) {
    const fs::path folder = file.has_parent_path() ? file.parent_path() : ".";
    if (fs::equivalent(folder, input, not_there) && !is_hidden(file.filename().string())) return true;
  }
  if (!is_there(input) && is_like(input, file)) return true;
  return std::ranges::any_of(files_of(input),
                             [&](const fs::path& one) { return fs::equivalent(one, file, not_there); });
}

}  // namespace tastevin::tables
