#pragma once

// What is classified: a text or a pair, as views of bytes that the caller owns.

#include <optional>
#include <string_view>

namespace tastevin {

/// What a caller hands in. UTF-8; broken bytes are read as U+FFFD. The views need to live only during the call.
struct Text {
  std::string_view text;
  std::optional<std::string_view> pair = std::nullopt;  ///< the second text of a pair
};

}  // namespace tastevin
