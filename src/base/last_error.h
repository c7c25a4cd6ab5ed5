#pragma once

// The reason of the system, in the words of the standard library.

#include <cerrno>
#include <system_error>

namespace tastevin {

/// Why the system call before failed, by `errno`.
inline std::error_code last_error() { return {errno, std::generic_category()}; }

}  // namespace tastevin
