#include "terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "base/error.h"
#include "base/hex.h"
#include "base/last_error.h"

namespace tastevin::cli {
namespace {

std::size_t columns_of(int stream) {
  winsize size{};
  const bool known = ::ioctl(stream, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

}  // namespace

bool has_colours() {
  static const bool colours =
      ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;  // NOLINT(concurrency-mt-unsafe)
  return colours;
}

std::size_t columns() { return columns_of(STDOUT_FILENO); }
std::size_t error_columns() { return columns_of(STDERR_FILENO); }

std::string bold(std::string_view text) {
  return has_colours() ? "\033[1m" + std::string(text) + "\033[0m" : std::string(text);
}

std::string bar(double share, std::size_t cells) {
  const auto full = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(cells));
  std::string text = "[";
  text.append(full, '#').append(cells - full, '.');
  return text += "]";
}

std::string duration(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::ceil(seconds));
  if (whole < 60) return std::to_string(whole) + " s";
  const std::uint64_t minutes = (whole + 30) / 60;
  if (minutes < 60) return std::to_string(minutes) + " min";
  const std::string rest = std::to_string(minutes % 60);
  return std::to_string(minutes / 60) + " h " + (rest.size() < 2 ? "0" : "") + rest + " min";
}

std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (byte < 0x20 || byte == 0x7F) {
      out.append("\\x").append(hex::of(byte));
    } else {
      out += c;
    }
  }
  return out;
}

void print_row(std::string_view name, std::size_t width, std::string_view value) {
  std::cout << bold(name) << std::string(width - std::min(width, name.size()), ' ') << value << "\n";
}

void flush_standard_output() {
  errno = 0;  // a stream that failed before says no reason now
  std::cout.flush();
  if (std::cout) return;
  const std::string reason = errno == 0 ? "" : ": " + last_error().message();
  throw Error(ErrorCode::unavailable, "standard output: cannot be written" + reason);
}

std::string human_bytes(std::size_t bytes) {
  constexpr std::array kUnits{"bytes", "kB", "MB", "GB", "TB"};
  auto amount = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (amount >= 1000 && unit + 1 < kUnits.size()) {
    amount /= 1000;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", amount, kUnits[unit]);
  return text.data();
}

}  // namespace tastevin::cli
