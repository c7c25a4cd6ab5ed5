#pragma once

// The reason of the system, in the words of the standard library.

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

#include "base/error.h"

namespace tastevin {

/// Why the system call before failed, by `errno`.
inline std::error_code last_error() { return {errno, std::generic_category()}; }

/// Throws `Error{unavailable}`: "PATH: cannot be written: No space left on device".
[[noreturn]] inline void fail_with(const std::filesystem::path& path, const char* what, const std::error_code& reason) {
  throw Error(ErrorCode::unavailable, path.string() + ": " + what + ": " + reason.message());
}

}  // namespace tastevin
