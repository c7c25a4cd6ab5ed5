#pragma once

// Numbers in the bytes of a file, which are little-endian there and here.

#include <bit>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tastevin::checkpoint {

static_assert(std::endian::native == std::endian::little, "numbers are used as they stand in the file");

/// The `Size` bytes at `at`, which must be there, as an unsigned number.
template <std::size_t Size>
std::uint64_t number_at(std::string_view bytes, std::size_t at) {
  static_assert(Size <= sizeof(std::uint64_t));
  assert(at <= bytes.size() && Size <= bytes.size() - at);
  std::uint64_t value = 0;
  std::memcpy(&value, bytes.data() + at, Size);
  return value;
}

}  // namespace tastevin::checkpoint
