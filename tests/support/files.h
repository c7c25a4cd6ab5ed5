#pragma once

// Where tests find files: the source tree, and the large shared ones beside it.

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace tastevin {

inline std::filesystem::path source_file(std::string_view name) {
  return std::filesystem::path(TASTEVIN_SOURCE_DIR) / name;
}
inline std::filesystem::path shared_file(std::string_view name) { return source_file("../shared") / name; }

inline std::string read_file(const std::filesystem::path& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

/// The column `sentence` of SST-2's dev set.
inline std::vector<std::string> sst2_dev() {
  std::ifstream file(shared_file("data/sst2/dev.tsv"));
  std::vector<std::string> sentences;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) sentences.push_back(line.substr(line.find('\t') + 1));
  return sentences;
}

/// Skips a test whose shared file is absent, but never in continuous integration, where it must be there.
#define TASTEVIN_NEEDS_SHARED(name)                                                         \
  if (!std::filesystem::exists(::tastevin::shared_file(name))) {                            \
    ASSERT_EQ(::getenv("CI"), nullptr) << "the shared file " name " is missing";            \
    GTEST_SKIP() << "needs the shared file " name ", which is not beside this source tree"; \
  }                                                                                         \
  static_assert(true)

}  // namespace tastevin
