#include "base/file_lock.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>

#include "support/fails_with.h"
#include "support/temporary_folder.h"

namespace tastevin {
namespace {

namespace fs = std::filesystem;

TEST(FileLock, KeepsAnotherProcessOut) {
  const TemporaryFolder folder;
  const fs::path path = folder / "locks/a.lock";
  const FileLock lock(path, [] {});

  const pid_t child = ::fork();
  if (child == 0) {
    const FileLock other(path, [] { ::_exit(7); });
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);

  EXPECT_EQ(WEXITSTATUS(status), 7);
}

// A holder that deletes its lock file would otherwise let two in: one on the old file, one on the new.
TEST(FileLock, IsOfTheFileThatHasTheName) {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.lock";
  auto first = std::make_unique<FileLock>(path, [] {});
  const auto let_go = [&] {
    fs::remove(path);
    first.reset();
  };

  const FileLock second(path, let_go);

  EXPECT_TRUE(fs::exists(path));
}

// One who does not wait lets go of what he opened, and the holder keeps the lock.
TEST(FileLock, IsRefusedByWhoDoesNotWait) {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.lock";
  auto first = std::make_unique<FileLock>(path, [] {});

  EXPECT_THROW(FileLock(path, [] { throw std::runtime_error("held"); }), std::runtime_error);
  first.reset();
  EXPECT_NO_THROW(FileLock(path, [] { throw std::runtime_error("held"); }));
}

// It was tried for ever, with all of a processor.
TEST(FileLock, BehindALinkToNowhereCannotBeOpened) {
  const TemporaryFolder folder;
  fs::create_symlink(folder / "no folder" / "a.lock", folder / "a.lock");

  EXPECT_THAT([&] { FileLock(folder / "a.lock", [] {}); }, fails_with(ErrorCode::unavailable, "cannot be opened"));
}

}  // namespace
}  // namespace tastevin
