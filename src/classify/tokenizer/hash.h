#pragma once

// One hash for short byte strings and number pairs: two multiplications, no seed (the keys come from a model's own
// files or fall out of a bounded cache).

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tastevin::tokenizer {

inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = Wide{a ^ 0x9E3779B97F4A7C15U} * (b ^ 0xE7037ED1A0B428DBU);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

/// Up to 8 bytes as a number, missing ones as zeros.
inline std::uint64_t load_up_to_8(const char* bytes, std::size_t count) {
  if (count >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, 8);
    return word;
  }
  if (count >= 4) {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    std::memcpy(&low, bytes, 4);
    std::memcpy(&high, bytes + count - 4, 4);
    return low | std::uint64_t{high} << (count - 4) * 8;
  }
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < count; ++i) word |= std::uint64_t{static_cast<std::uint8_t>(bytes[i])} << i * 8;
  return word;
}

inline std::uint64_t hash_bytes(std::string_view bytes) {
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t hash = left;
  for (; left > 16; left -= 16, at += 16) hash = mix(load_up_to_8(at, 8) ^ hash, load_up_to_8(at + 8, 8));
  const std::size_t high = left > 8 ? left - 8 : 0;
  return mix(load_up_to_8(at, left) ^ hash, load_up_to_8(at + left - high, high));
}

}  // namespace tastevin::tokenizer
