#include "work/jobs/parts_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/last_error.h"

namespace tastevin::jobs {
namespace {

namespace fs = std::filesystem;

constexpr char kLock[] = "lock";

[[noreturn]] void fail(const fs::path& path, const std::string& what) {
  throw Error(ErrorCode::unavailable, path.string() + ": " + what);
}

void make(const fs::path& folder) {
  std::error_code error;
  fs::create_directory(folder, error);
  if (error) fail(folder, "cannot be made: " + error.message());
}

/// Whether `fd` is still the file that `path` names: the run that held it may have removed it.
bool is_still(int fd, const fs::path& path) {
  struct stat held{};
  struct stat named{};
  return ::fstat(fd, &held) == 0 && ::stat(path.c_str(), &named) == 0 && held.st_ino == named.st_ino &&
         held.st_dev == named.st_dev;
}

/// The lock's file, which is locked; below 0 when it was removed meanwhile.
int locked(const fs::path& folder) {
  const fs::path path = folder / kLock;
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0 && errno == ENOENT) return fd;
  if (fd < 0) fail(path, "cannot be opened: " + last_error().message());
  const std::error_code reason = ::flock(fd, LOCK_EX | LOCK_NB) == 0 ? std::error_code() : last_error();
  if (!reason && is_still(fd, path)) return fd;
  ::close(fd);
  if (reason == std::errc::operation_would_block) fail(folder, "another run is making this output");
  if (reason) fail(path, "cannot be locked: " + reason.message());
  return -1;
}

int locked_folder(const fs::path& folder) {
  int fd = -1;
  while (fd < 0) {
    make(folder);
    fd = locked(folder);
  }
  return fd;
}

}  // namespace

PartsLock::PartsLock(fs::path folder) : folder_(std::move(folder)), fd_(locked_folder(folder_)) {}

PartsLock::~PartsLock() {
  if (fd_ >= 0) ::close(fd_);
}

void PartsLock::remove_folder() {
  if (fd_ < 0) return;
  std::error_code ignored;
  for (fs::directory_iterator entry(folder_, ignored), end; !ignored && entry != end; entry.increment(ignored)) {
    std::error_code kept;
    if (entry->path().filename() != kLock) fs::remove_all(entry->path(), kept);
  }
  fs::remove(folder_ / kLock, ignored);  // last: from now on another run may begin
  fs::remove(folder_, ignored);          // unless one has
  ::close(std::exchange(fd_, -1));
}

}  // namespace tastevin::jobs
