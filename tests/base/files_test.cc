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
  EXPECT_THAT([&] { size_of(endless); }, fails_with(ErrorCode::not_found, "File name too long"));
  EXPECT_THAT([&] { files_in(endless); }, fails_with(ErrorCode::not_found, "File name too long"));
}

TEST(Files, OfAFolderAreSortedAndHaveASize) {
  const TemporaryFolder folder;
  const auto second = folder.write("b", "12345");
  const auto first = folder.write("a", "");
  std::filesystem::create_directory(folder / "c");

  EXPECT_EQ(files_in(folder.path()), (std::vector{first, second}));
  EXPECT_EQ(size_of(second), 5U);
}

// `serve --model .` called the model ".", which no client can ask for.
TEST(NameOfFolder, IsTheLastPartHoweverThePathIsSpelt) {
  EXPECT_EQ(name_of_folder("a/b"), "b");
  EXPECT_EQ(name_of_folder("a/b/"), "b");
  EXPECT_EQ(name_of_folder("a/b/./"), "b");
  EXPECT_EQ(name_of_folder("."), std::filesystem::current_path().filename());
  EXPECT_EQ(name_of_folder(".."), std::filesystem::current_path().parent_path().filename());
}

}  // namespace
}  // namespace tastevin
