#pragma once

// Numbers as people read them.

#include <cstdio>
#include <string>

namespace tastevin {

/// `value` with `places` digits after the point.
inline std::string decimal(double value, int places) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", places, value);
  return text;
}

}  // namespace tastevin
