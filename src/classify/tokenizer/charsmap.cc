#include "classify/tokenizer/charsmap.h"

#include "tastevin/error.h"

namespace tastevin::tokenizer {
namespace {

// A unit: | offset of the children 22 bits | shift it by 8 1 bit | has a value 1 bit | label 8 bits |; that of a value
// has bit 31 set, which no label equals.
bool has_value(std::uint32_t unit) { return (unit >> 8U & 1U) != 0; }
std::uint32_t label_of(std::uint32_t unit) { return unit & (1U << 31U | 0xFFU); }
std::size_t offset_of(std::uint32_t unit) { return std::size_t{unit >> 10U} << ((unit & 1U << 9U) >> 6U); }
std::size_t value_of(std::uint32_t unit) { return unit & ~(1U << 31U); }

std::uint32_t load_u32(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value |= std::uint32_t{static_cast<std::uint8_t>(bytes[at + i])} << i * 8;
  return value;
}

std::optional<std::uint32_t> base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a' + 26);
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0' + 52);
  if (c == '+') return 62;
  return c == '/' ? std::optional<std::uint32_t>(63) : std::nullopt;
}

[[noreturn]] void fail(const std::string& where, const std::string& what) {
  throw Error(ErrorCode::bad_checkpoint, where + ": precompiled_charsmap " + what);
}

/// Standard alphabet, padded; the bits that padding leaves over must be zero.
std::string decode_base64(std::string_view text, const std::string& where) {
  if (text.size() % 4 != 0)
    fail(where, "is not base64: " + std::to_string(text.size()) + " characters, not a multiple of 4");
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size() - padding; ++i) {
    const auto digit = base64_digit(text[i]);
    if (!digit) fail(where, "is not base64 at character " + std::to_string(i));
    bits = (bits << 6U | *digit) & 0xFFFFFFU;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<char>(bits >> count & 0xFFU));
  }
  if ((bits & ((1U << count) - 1)) != 0) fail(where, "is not base64: bits are left over");
  return bytes;
}

}  // namespace

Charsmap Charsmap::from_base64(std::string_view text, const std::string& where) {
  return from_bytes(decode_base64(text, where), where);
}

Charsmap Charsmap::from_bytes(std::string_view bytes, const std::string& where) {
  if (bytes.size() < 4) fail(where, "has no header");
  const std::size_t units = load_u32(bytes, 0) / 4;
  if (units == 0 || units > (bytes.size() - 4) / 4) {
    fail(where, "has a trie of " + std::to_string(units) + " units in " + std::to_string(bytes.size()) + " bytes");
  }
  Charsmap map;
  map.units_.reserve(units);
  for (std::size_t i = 0; i < units; ++i) map.units_.push_back(load_u32(bytes, 4 + i * 4));
  map.replacements_ = bytes.substr(4 + units * 4);
  if (!utf8::is_valid(map.replacements_)) fail(where, "has replacements that are not UTF-8");
  for (std::size_t byte = 0; byte < map.plain_.size(); ++byte) {
    const char character = static_cast<char>(byte);
    map.plain_[byte] = character != '\r' && !map.replacement({&character, 1});
  }
  return map;
}

std::optional<std::string_view> Charsmap::replacement(std::string_view chunk) const {
  std::size_t node = offset_of(units_[0]);
  for (const char c : chunk) {
    const auto byte = static_cast<std::uint8_t>(c);
    node ^= byte;
    if (byte == 0 || node >= units_.size() || label_of(units_[node]) != byte) return std::nullopt;
    const std::uint32_t unit = units_[node];
    node ^= offset_of(unit);
    if (!has_value(unit)) continue;
    const std::size_t begin = node < units_.size() ? value_of(units_[node]) : replacements_.size() + 1;
    if (begin > replacements_.size()) return std::nullopt;
    const std::string_view rest = std::string_view(replacements_).substr(begin);
    if (!rest.empty() && utf8::is_tail(rest[0])) return std::nullopt;
    return rest.substr(0, rest.find('\0'));
  }
  return std::nullopt;
}

}  // namespace tastevin::tokenizer
