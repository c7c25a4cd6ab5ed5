#include "prepare/hub/attempts.h"

#include <algorithm>
#include <array>
#include <optional>
#include <thread>

#include "base/ascii.h"

namespace tastevin::hub {
namespace {

using std::chrono::milliseconds;

/// Retry-After in seconds. Its other form, a date, depends on two clocks and is not read.
std::optional<milliseconds> asked_pause(const Response& response) {
  const auto seconds = ascii::number<unsigned int>(response.header("retry-after"));
  return seconds ? std::optional(milliseconds(std::int64_t{1000} * *seconds)) : std::nullopt;
}

}  // namespace

bool is_transient(const Response& response) {
  constexpr std::array kPassing{408L, 429L, 500L, 502L, 503L, 504L};
  if (response.broken != Broken::no) return response.broken == Broken::interrupted;
  return std::ranges::find(kPassing, response.status) != kPassing.end();
}

bool Attempts::again(const Response& response) {
  if (!is_transient(response) || ++failed_ >= patience_.attempts) return false;
  const milliseconds doubled = patience_.first_pause * (std::int64_t{1} << std::min<std::size_t>(failed_ - 1, 16));
  const milliseconds pause = asked_pause(response).value_or(std::min(doubled, patience_.longest_pause));
  if (pause > patience_.longest_pause) return false;
  std::this_thread::sleep_for(pause);
  return true;
}

}  // namespace tastevin::hub
