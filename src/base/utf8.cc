#include "base/utf8.h"

#include <cstring>

namespace tastevin::utf8 {
namespace {

std::uint8_t byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<std::uint8_t>(text[at]) : std::uint8_t{0};
}

/// The range of second bytes that may follow `lead` (Unicode 15, table 3-7); empty for a byte that leads nothing.
struct SecondByte {
  std::uint8_t low, high, length;
};

SecondByte second_byte(std::uint8_t lead) {
  if (lead >= 0xC2 && lead <= 0xDF) return {0x80, 0xBF, 2};
  if (lead == 0xE0) return {0xA0, 0xBF, 3};
  if (lead == 0xED) return {0x80, 0x9F, 3};
  if (lead >= 0xE1 && lead <= 0xEF) return {0x80, 0xBF, 3};
  if (lead == 0xF0) return {0x90, 0xBF, 4};
  if (lead >= 0xF1 && lead <= 0xF3) return {0x80, 0xBF, 4};
  if (lead == 0xF4) return {0x80, 0x8F, 4};
  return {1, 0, 1};
}

}  // namespace

Decoded decode(std::string_view text, std::size_t at) {
  const std::uint8_t lead = byte_at(text, at);
  if (lead < 0x80) return {lead, 1, true};
  const auto [low, high, length] = second_byte(lead);
  const std::uint8_t second = byte_at(text, at + 1);
  if (second < low || second > high) return {kReplacement, 1, false};
  if (length == 2) return {(char32_t{lead} & 0x1FU) << 6U | (char32_t{second} & 0x3FU), 2, true};
  const std::uint8_t third = byte_at(text, at + 2);
  if (!is_tail(static_cast<char>(third))) return {kReplacement, 2, false};
  const char32_t high_bits = (char32_t{second} & 0x3FU) << 6U | (char32_t{third} & 0x3FU);
  if (length == 3) return {(char32_t{lead} & 0x0FU) << 12U | high_bits, 3, true};
  const std::uint8_t fourth = byte_at(text, at + 3);
  if (!is_tail(static_cast<char>(fourth))) return {kReplacement, 3, false};
  return {(char32_t{lead} & 0x07U) << 18U | high_bits << 6U | (char32_t{fourth} & 0x3FU), 4, true};
}

std::size_t valid_prefix(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  std::size_t at = 0;
  while (at < text.size()) {
    std::uint64_t eight = 0;
    if (text.size() - at >= sizeof eight) {
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if ((eight & kHighBits) == 0) {
        at += sizeof eight;
        continue;
      }
    }
    const Decoded decoded = decode(text, at);
    if (!decoded.valid) return at;
    at += decoded.length;
  }
  return at;
}

std::string repaired(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t good = valid_prefix(text);
    out.append(text.substr(0, good));
    text.remove_prefix(good);
    if (text.empty()) break;
    append(out, kReplacement);
    text.remove_prefix(decode(text, 0).length);
  }
  return out;
}

std::size_t count(std::string_view text) {
  std::size_t points = 0;
  for (const char byte : text) points += static_cast<std::size_t>(!is_tail(byte));
  return points;
}

void append(std::string& out, char32_t code_point) {
  const auto push = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code_point < 0x80) {
    push(code_point);
  } else if (code_point < 0x800) {
    push(0xC0U | code_point >> 6U);
    push(0x80U | (code_point & 0x3FU));
  } else if (code_point < 0x10000) {
    push(0xE0U | code_point >> 12U);
    push(0x80U | (code_point >> 6U & 0x3FU));
    push(0x80U | (code_point & 0x3FU));
  } else {
    push(0xF0U | code_point >> 18U);
    push(0x80U | (code_point >> 12U & 0x3FU));
    push(0x80U | (code_point >> 6U & 0x3FU));
    push(0x80U | (code_point & 0x3FU));
  }
}

}  // namespace tastevin::utf8
