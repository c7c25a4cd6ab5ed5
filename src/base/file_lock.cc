#include "base/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/last_error.h"

namespace tastevin {
namespace {

namespace fs = std::filesystem;

/// Whether `fd` is still the file that `path` names: a holder may have deleted it before it let go.
bool is_still(int fd, const fs::path& path) {
  struct stat held{};
  struct stat named{};
  return ::fstat(fd, &held) == 0 && ::stat(path.c_str(), &named) == 0 && held.st_ino == named.st_ino &&
         held.st_dev == named.st_dev;
}

/// Below 0 when the folder was deleted meanwhile.
int opened(const fs::path& path) {
  std::error_code reason;
  fs::create_directories(path.parent_path(), reason);
  if (reason) fail_with(path.parent_path(), "cannot be made", reason);
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0 && errno != ENOENT) fail_with(path, "cannot be opened", last_error());
  return fd;
}

void lock(int fd, const fs::path& path, const std::function<void()>& on_held) {
  int failed = ::flock(fd, LOCK_EX | LOCK_NB);
  if (failed != 0 && errno == EWOULDBLOCK) {
    on_held();
    do {
      failed = ::flock(fd, LOCK_EX);
    } while (failed != 0 && errno == EINTR);
  }
  if (failed != 0) fail_with(path, "cannot be locked", last_error());
}

}  // namespace

FileLock::FileLock(const fs::path& path, const std::function<void()>& on_held) {
  constexpr int kMostTries = 100;  // a link to where nothing can be made is never opened
  for (int tries = 0; fd_ < 0; ++tries) {
    if (tries == kMostTries)
      fail_with(path, "cannot be opened", std::make_error_code(std::errc::no_such_file_or_directory));
    fd_ = opened(path);
    if (fd_ < 0) continue;
    try {
      lock(fd_, path, on_held);
    } catch (...) {
      ::close(fd_);
      throw;
    }
    if (is_still(fd_, path)) return;
    ::close(fd_);
    fd_ = -1;
  }
}

FileLock::~FileLock() { ::close(fd_); }

}  // namespace tastevin
