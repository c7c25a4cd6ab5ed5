#include "base/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fails_with.h"
#include "support/temporary_folder.h"

namespace tastevin {
namespace {

TEST(Files, AreToldFromFoldersAndFromNothing) {
  const TemporaryFolder folder;
  const auto file = folder.write("file", "x");
  std::filesystem::create_symlink("nowhere", folder / "broken");

  EXPECT_TRUE(is_there(file) && is_file(file) && !is_folder(file));
  EXPECT_TRUE(is_there(folder.path()) && !is_file(folder.path()) && is_folder(folder.path()));
  EXPECT_FALSE(is_there(folder / "broken"));
  EXPECT_FALSE(is_there(file / "below"));
}

// The throwing forms of std::filesystem let its own error out of the library.
TEST(Files, WhereTheSystemCannotTellGiveItsReason) {
  const std::filesystem::path endless(std::string(5000, 'x'));

  EXPECT_THAT([&] { is_file(endless); }, fails_with(ErrorCode::not_found, "cannot be looked at: File name too long"));
}

}  // namespace
}  // namespace tastevin
