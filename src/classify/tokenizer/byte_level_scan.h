#pragma once

// GPT-2's byte level: each byte has a printable stand-in character, and text is cut by one fixed pattern, here as a
// scanner by hand. Pure functions; any thread.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tastevin::tokenizer::byte_level {

/// The stand-in of `byte`: itself if printable Latin-1, else one of U+0100 to U+0143.
char32_t stand_in(std::uint8_t byte);
/// The byte that `code_point` stands for.
std::optional<std::uint8_t> byte_of(char32_t code_point);

/// Where the piece that begins at `at` (< text.size(), between code points) ends, cut as the pattern
/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+` cuts. The pieces leave no gaps.
std::size_t next_cut(std::string_view text, std::size_t at);

}  // namespace tastevin::tokenizer::byte_level
