#pragma once

// Whether work that is done apart from the queue still has somebody who waits for it. Values; any thread may ask.

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "tastevin/error.h"

namespace tastevin::server {

struct Wanted {
  std::optional<std::chrono::steady_clock::time_point> deadline = std::nullopt;
  std::stop_token gone = {};     ///< stopped when the client has left
  std::stop_token closing = {};  ///< stopped when the server ends

  /// Throws `Error{unavailable}` when the server ends, and `Error{deadline}` when nobody waits any more.
  void check() const {
    if (closing.stop_requested()) throw Error(ErrorCode::unavailable, "the server is being shut down");
    if (gone.stop_requested()) throw Error(ErrorCode::deadline, "the client is gone");
    if (deadline && *deadline <= std::chrono::steady_clock::now())
      throw Error(ErrorCode::deadline, "the deadline passed before the text could run");
  }
};

/// What `run` makes of each text, a text at a time, so that work which nobody waits for ends after one. `run` is
/// called once with no text first, so that wrong options are refused even for an empty list.
template <class Run>
auto one_by_one(std::span<const std::string> texts, const Wanted& wanted, const Run& run) {
  auto all = run(texts.first(0));
  for (std::size_t i = 0; i < texts.size(); ++i) {
    wanted.check();
    std::ranges::move(run(texts.subspan(i, 1)), std::back_inserter(all));
  }
  return all;
}

}  // namespace tastevin::server
