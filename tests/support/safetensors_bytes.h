#pragma once

// Safetensors files made by hand, right or wrong.

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace tastevin {

/// A file whose length field says `length`, whatever the header's real length is.
inline std::string safetensors_bytes_of_length(std::uint64_t length, std::string_view header,
                                               std::string_view tensors) {
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  return bytes.append(header).append(tensors);
}

inline std::string safetensors_bytes(std::string_view header, std::string_view tensors) {
  return safetensors_bytes_of_length(header.size(), header, tensors);
}

}  // namespace tastevin
