#pragma once

// UTF-8 as text from outside has it: possibly broken. One rule everywhere, that of the Unicode standard (3.9, "maximal
// subparts") and of Rust's `String::from_utf8_lossy`: each longest broken prefix is one U+FFFD.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tastevin::utf8 {

inline constexpr char32_t kReplacement = 0xFFFD;

/// What some programs put at the start of a file; it is no part of the text.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Whether text begins with the mark of UTF-16, as some programs of Windows write it: bytes that UTF-8 never has.
inline bool is_utf16(std::string_view start) { return start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF"); }

/// What is said of such a file.
inline constexpr const char* kNotUtf16 =
    "expected UTF-8, found UTF-16: iconv -f UTF-16 -t UTF-8 makes one of the other";

struct Decoded {
  char32_t code_point = kReplacement;
  std::uint8_t length = 1;  ///< bytes taken, 1 to 4
  bool valid = false;
};

/// Whether `byte` continues a code point that began before it.
inline bool is_tail(char byte) { return (static_cast<std::uint8_t>(byte) & 0xC0U) == 0x80U; }

/// Where the last code point of the bytes before `end` (> floor) begins, at `floor` or behind; `text` must be valid.
inline std::size_t start_of_last(std::string_view text, std::size_t end, std::size_t floor = 0) {
  do --end;
  while (end > floor && is_tail(text[end]));
  return end;
}

/// Decodes the code point that begins at byte `at` (< text.size()).
Decoded decode(std::string_view text, std::size_t at);

/// Length in bytes of the longest valid prefix. ASCII runs go 8 bytes a step.
std::size_t valid_prefix(std::string_view text);

inline bool is_valid(std::string_view text) { return valid_prefix(text) == text.size(); }

/// `text` with every maximal broken part replaced by U+FFFD.
std::string repaired(std::string_view text);

/// Number of code points; `text` must be valid.
std::size_t count(std::string_view text);

/// Appends the UTF-8 form of `code_point` (a scalar value).
void append(std::string& out, char32_t code_point);

}  // namespace tastevin::utf8
