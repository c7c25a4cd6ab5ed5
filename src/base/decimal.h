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

/// "91.25 %" of a share from 0 to 1.
inline std::string percent(double share, int places) { return decimal(100 * share, places) + " %"; }

/// " (0.9034 to 0.9203)", behind a figure that lies between them.
inline std::string interval(double low, double high, int places) {
  return " (" + decimal(low, places) + " to " + decimal(high, places) + ")";
}

/// Of a test: what is too small to be told from 0 says so.
inline std::string p_value(double value) { return value < 0.0001 ? "below 0.0001" : decimal(value, 4); }

}  // namespace tastevin
