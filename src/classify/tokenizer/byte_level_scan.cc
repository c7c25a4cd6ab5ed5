#include "classify/tokenizer/byte_level_scan.h"

#include <array>

#include "base/utf8.h"
#include "classify/tokenizer/unicode.h"

namespace tastevin::tokenizer::byte_level {
namespace {

// The unprintable bytes, in order: 0 to 32, 127, 128 to 160, 173. They stand in as U+0100 and up.
constexpr std::uint32_t kFirstMade = 0x100;
constexpr std::uint32_t kMadeForDelete = kFirstMade + 33;
constexpr std::uint32_t kMadeForHigh = kFirstMade + 34;
constexpr std::uint32_t kMadeForSoftHyphen = kFirstMade + 67;

constexpr bool is_printable(std::uint32_t byte) {
  return (byte > 0x20 && byte < 0x7F) || (byte > 0xA0 && byte != 0xAD && byte <= 0xFF);
}

/// The four kinds of characters that the pattern tells apart; `multibyte` asks for a look at the code point.
enum class Kind : std::uint8_t { other, letter, number, space, multibyte };

constexpr Kind kind_of_byte(std::uint32_t byte) {
  if (byte >= 0x80) return Kind::multibyte;
  if ((byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z') return Kind::letter;
  if (byte >= '0' && byte <= '9') return Kind::number;
  return byte == ' ' || (byte >= '\t' && byte <= '\r') ? Kind::space : Kind::other;
}

constexpr std::array<Kind, 256> kKinds = [] {
  std::array<Kind, 256> kinds{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) kinds[byte] = kind_of_byte(byte);
  return kinds;
}();

Kind kind_of(char32_t code_point) {
  using unicode_tables::Category;
  const unicode_tables::Record& record = unicode::record(code_point);
  if ((record.flags & unicode::Flag::regex_space) != 0) return Kind::space;
  const auto category = static_cast<Category>(record.category);
  if (category <= Category::Lo) return Kind::letter;
  return category >= Category::Nd && category <= Category::No ? Kind::number : Kind::other;
}

struct Character {
  Kind kind;
  std::uint8_t length;
};

Character read(std::string_view text, std::size_t at) {
  const Kind kind = kKinds[static_cast<std::uint8_t>(text[at])];
  if (kind != Kind::multibyte) return {kind, 1};
  const utf8::Decoded decoded = utf8::decode(text, at);
  return {kind_of(decoded.code_point), decoded.length};
}

/// Where the run of characters of one kind that goes on at `at` ends.
std::size_t end_of_run(std::string_view text, std::size_t at, Kind kind) {
  while (at < text.size()) {
    const Character character = read(text, at);
    if (character.kind != kind) break;
    at += character.length;
  }
  return at;
}

/// The length of 's, 't, 're, 've, 'm, 'll or 'd at `at`, or 0.
std::size_t contraction(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at + 1, 2);
  if (rest.empty()) return 0;
  if (rest[0] == 's' || rest[0] == 't' || rest[0] == 'm' || rest[0] == 'd') return 2;
  return rest == "re" || rest == "ve" || rest == "ll" ? 3 : 0;
}

/// A run of blanks leaves its last one to the word that follows.
std::size_t end_of_blanks(std::string_view text, std::size_t at) {
  std::size_t last = at;
  std::size_t end = at + read(text, at).length;
  while (end < text.size()) {
    const Character character = read(text, end);
    if (character.kind != Kind::space) return last == at ? end : last;
    last = end;
    end += character.length;
  }
  return end;
}

}  // namespace

char32_t stand_in(std::uint8_t byte) {
  if (is_printable(byte)) return byte;
  if (byte <= 0x20) return kFirstMade + byte;
  if (byte == 0x7F) return kMadeForDelete;
  return byte == 0xAD ? kMadeForSoftHyphen : kMadeForHigh + (byte - 0x80U);
}

std::optional<std::uint8_t> byte_of(char32_t code_point) {
  if (is_printable(code_point)) return static_cast<std::uint8_t>(code_point);
  if (code_point < kFirstMade || code_point > kMadeForSoftHyphen) return std::nullopt;
  if (code_point < kMadeForDelete) return static_cast<std::uint8_t>(code_point - kFirstMade);
  if (code_point == kMadeForDelete) return std::uint8_t{0x7F};
  if (code_point == kMadeForSoftHyphen) return std::uint8_t{0xAD};
  return static_cast<std::uint8_t>(code_point - kMadeForHigh + 0x80U);
}

std::size_t next_cut(std::string_view text, std::size_t at) {
  if (text[at] == '\'') {
    if (const std::size_t length = contraction(text, at); length > 0) return at + length;
  }
  const std::size_t first = text[at] == ' ' && at + 1 < text.size() ? at + 1 : at;
  const Character character = read(text, first);
  if (character.kind == Kind::space) return end_of_blanks(text, at);
  return end_of_run(text, first + character.length, character.kind);
}

}  // namespace tastevin::tokenizer::byte_level
