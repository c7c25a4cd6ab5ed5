#pragma once

// A lock on a file of its own: threads exclude each other by it as processes do. The system lets go of it when the
// process ends, however that is: a killed holder leaves the file, which holds nobody up.

#include <filesystem>
#include <functional>

namespace tastevin {

class FileLock {
 public:
  /// Makes the file, and its folder, when they are not there. When another holds the lock, `on_held` is called, once,
  /// and then it waits, unless that throws. Throws `Error{unavailable}` when the file cannot be made or locked.
  FileLock(const std::filesystem::path& path, const std::function<void()>& on_held);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int fd_ = -1;
};

}  // namespace tastevin
