#include "base/mapped_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/fails_with.h"
#include "support/temporary_folder.h"

namespace tastevin {
namespace {

TEST(MappedFile, ShowsTheBytesOfTheFile) {
  const TemporaryFolder folder;
  const std::string bytes("a\0\n\xFF", 4);

  const MappedFile file(folder.write("file", bytes));

  EXPECT_EQ(file.text(), bytes);
  EXPECT_EQ(file.size(), 4U);
}

TEST(MappedFile, OfAnEmptyFileIsEmpty) {
  const TemporaryFolder folder;

  const MappedFile file(folder.write("file", ""));

  EXPECT_TRUE(file.text().empty());
}

TEST(MappedFile, RemembersItsPath) {
  const TemporaryFolder folder;
  const auto path = folder.write("file", "a");

  EXPECT_EQ(MappedFile(path).path(), path);
}

TEST(MappedFile, ReadsTheSameAfterItsPagesWereReleased) {
  const TemporaryFolder folder;
  const std::string bytes(100'000, 'x');
  const MappedFile file(folder.write("file", bytes));

  file.release_pages();

  EXPECT_EQ(file.text(), bytes);
}

TEST(MappedFile, StaysReadableWhenTheNameIsGone) {
  const TemporaryFolder folder;
  const auto path = folder.write("file", "still here");
  const MappedFile file(path);

  std::filesystem::remove(path);

  EXPECT_EQ(file.text(), "still here");
}

TEST(MappedFile, OfAMissingFileNamesThePathAndTheReason) {
  const TemporaryFolder folder;

  EXPECT_THAT([&] { MappedFile(folder.path() / "absent"); }, fails_with(ErrorCode::not_found, "absent"));
  EXPECT_THAT([&] { MappedFile(folder.path() / "absent"); }, fails_with(ErrorCode::not_found, "No such file"));
}

TEST(MappedFile, RefusesAFolder) {
  const TemporaryFolder folder;

  EXPECT_THAT([&] { MappedFile(folder.path()); }, fails_with(ErrorCode::bad_checkpoint, "regular file"));
}

// Opened without O_NONBLOCK, a pipe that nobody writes to would hold the process forever.
TEST(MappedFile, RefusesAPipeAtOnce) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);

  EXPECT_THAT([&] { const MappedFile file(path); }, fails_with(ErrorCode::bad_checkpoint, "regular file"));
}

}  // namespace
}  // namespace tastevin
