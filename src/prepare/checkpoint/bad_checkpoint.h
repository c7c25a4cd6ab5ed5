#pragma once

// The one way in which the readers of this module say that a file is damaged or contradicts itself.

#include <string>

#include "tastevin/error.h"

namespace tastevin::checkpoint {

/// Throws `Error{bad_checkpoint}`: "`where`: `what`".
[[noreturn]] inline void bad_checkpoint(const std::string& where, const std::string& what) {
  throw Error(ErrorCode::bad_checkpoint, where + ": " + what);
}

}  // namespace tastevin::checkpoint
