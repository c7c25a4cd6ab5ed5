#pragma once

// Keeps the folder of parts for one run alone.

#include <filesystem>
#include <optional>

#include "base/file_lock.h"

namespace tastevin::jobs {

/// A lock on a file in the folder.
class PartsLock {
 public:
  static constexpr char kName[] = "lock";  // of the file

  /// Makes the folder when it is not there. Throws `Error{unavailable}` when another run holds it, and when it cannot
  /// be made or locked.
  explicit PartsLock(std::filesystem::path folder);

  /// Not any more after `remove_folder`.
  bool is_held() const { return held_.has_value(); }

  /// Removes the folder, which must hold nothing else by now, and lets go of it; the second time it does nothing.
  void remove_folder();

 private:
  std::filesystem::path folder_;
  std::optional<FileLock> held_;
};

}  // namespace tastevin::jobs
