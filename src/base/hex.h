#pragma once

// Bytes as two hexadecimal digits each.

#include <string>
#include <string_view>

namespace tastevin::hex {

inline constexpr std::string_view kDigits = "0123456789abcdef";
inline constexpr std::string_view kCapitals = "0123456789ABCDEF";

/// Whether it is one of `kDigits`.
inline bool is_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

/// "0a"
inline std::string of(unsigned char byte, std::string_view digits = kDigits) {
  return {digits[byte >> 4U], digits[byte & 15U]};
}

}  // namespace tastevin::hex
