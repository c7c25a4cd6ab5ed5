#pragma once

// Whether work that is done apart from the queue still has somebody who waits for it. Values; any thread may ask.

#include <chrono>
#include <optional>
#include <stop_token>

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

}  // namespace tastevin::server
