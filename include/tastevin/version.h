#pragma once

// The version of the library that runs, which may be another than that of these headers.

namespace tastevin {

/// "0.1.0"
const char* version() noexcept;

}  // namespace tastevin
