#pragma once

// What is classified: a text or a pair, as views of bytes that the caller owns.

#include <array>
#include <optional>
#include <string_view>

namespace tastevin {

/// What a caller hands in. UTF-8; broken bytes are read as U+FFFD. The views need to live only during the call.
struct Text {
  std::string_view text;
  std::optional<std::string_view> pair = std::nullopt;  ///< the second text of a pair
};

/// The column of a table that holds the texts where none is named: the first of these that it has.
inline constexpr std::array<std::string_view, 3> kTextColumns{"sentence", "text", "content"};

}  // namespace tastevin
