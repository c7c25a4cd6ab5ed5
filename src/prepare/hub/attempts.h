#pragma once

// When to ask again: after a failure that may pass by itself, after a pause that doubles or that the Hub names.

#include <cstddef>

#include "prepare/hub/http.h"
#include "prepare/hub/settings.h"

namespace tastevin::hub {

class Attempts {
 public:
  explicit Attempts(const Patience& patience) : patience_(patience) {}

  /// Whether to ask again after `response`; pauses before it says yes.
  bool again(const Response& response);
  /// New bytes came: the count starts anew.
  void made_progress() { failed_ = 0; }

 private:
  const Patience& patience_;
  std::size_t failed_ = 0;
};

/// Whether the failure may pass by itself: a lost connection, 408, 429, and the 5xx that mean "not now".
bool is_transient(const Response& response);

}  // namespace tastevin::hub
