#pragma once

namespace tastevin {

/// "0.1.0"
const char* version() noexcept;

}  // namespace tastevin
