#include "base/text_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fails_with.h"
#include "support/temporary_folder.h"

namespace tastevin {
namespace {

TEST(TextFile, IsReadUpToItsLimit) {
  const TemporaryFolder folder;
  const std::string text(5000, 'x');
  const auto file = folder.write("file", text);

  EXPECT_EQ(read_text_file(file, 5000), text);
  EXPECT_THAT([&] { read_text_file(file, 4999); }, fails_with(ErrorCode::too_large, "at most 4999 bytes"));
  EXPECT_EQ(read_text_file(folder.write("empty", "")), "");
}

TEST(TextFile, MustBeAFile) {
  const TemporaryFolder folder;
  EXPECT_THAT([&] { read_text_file(folder / "none"); }, fails_with(ErrorCode::not_found, "none"));
  EXPECT_THAT([&] { read_text_file(folder.path()); }, fails_with(ErrorCode::not_found, "cannot be read"));
}

}  // namespace
}  // namespace tastevin
