#pragma once

// The one way in which the readers of this module say that a file is damaged or contradicts itself.

#include <string>
#include <string_view>

#include "tastevin/error.h"

namespace tastevin::checkpoint {

/// Throws `Error{bad_checkpoint}`: "`where`: `what`".
[[noreturn]] inline void bad_checkpoint(const std::string& where, const std::string& what) {
  throw Error(ErrorCode::bad_checkpoint, where + ": " + what);
}

/// Refuses what git leaves in the place of a large file, where `expected` is.
inline void refuse_git_lfs_pointer(std::string_view file, const std::string& where, const std::string& expected) {
  if (file.starts_with("version https://git-lfs"))
    bad_checkpoint(where, "expected " + expected + ", found the Git LFS pointer that stands for it");
}

}  // namespace tastevin::checkpoint
