#pragma once

// Keeps the folder of parts for one run alone.

#include <filesystem>

namespace tastevin::jobs {

/// A lock on a file in the folder. The system lets go of it when its process ends, however that is: a killed run leaves
/// the file, which holds nobody up.
class PartsLock {
 public:
  /// Makes the folder when it is not there. Throws `Error{unavailable}` when another run holds it, and when it cannot
  /// be made or locked.
  explicit PartsLock(std::filesystem::path folder);
  ~PartsLock();
  PartsLock(const PartsLock&) = delete;
  PartsLock& operator=(const PartsLock&) = delete;

  /// Removes the folder with all that is in it and lets go of it; the second time it does nothing.
  void remove_folder();

 private:
  std::filesystem::path folder_;
  int fd_;
};

}  // namespace tastevin::jobs
