#pragma once

// Tensors that the script of a golden file and its test make alike, so that they need not be stored: number i of a
// tensor follows from the tensor's name and i (tools/make_family_golden.py, `values`).

#include <cstdint>
#include <string_view>
#include <vector>

namespace tastevin {

/// FNV-1a, 64 bits.
inline std::uint64_t seed_of(std::string_view name) {
  std::uint64_t seed = 0xCBF29CE484222325U;
  for (const char byte : name) seed = (seed ^ static_cast<std::uint8_t>(byte)) * 0x100000001B3U;
  return seed;
}

/// The finaliser of SplitMix64 (Steele et al. 2014).
inline std::uint64_t mixed(std::uint64_t number) {
  number = (number ^ (number >> 30U)) * 0xBF58476D1CE4E5B9U;
  number = (number ^ (number >> 27U)) * 0x94D049BB133111EBU;
  return number ^ (number >> 31U);
}

/// `count` numbers offset + scale * u, each u from [-1, 1) by 24 bits of a counter's hash.
inline std::vector<float> counted_values(std::string_view name, std::size_t count, float scale, float offset) {
  constexpr float kHalf = 1 << 23;
  const std::uint64_t seed = seed_of(name);
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto bits = static_cast<std::int64_t>(mixed(i * 0x9E3779B97F4A7C15U + seed) >> 40U);
    values[i] = offset + scale * (static_cast<float>(bits - (1 << 23)) / kHalf);
  }
  return values;
}

}  // namespace tastevin
