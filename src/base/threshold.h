#pragma once

// Whether a threshold fits the scores that it is compared with. The library asks at each call, the server before it
// queues a request.

#include "base/decimal.h"
#include "base/error.h"
#include "tastevin/model_info.h"
#include "tastevin/options.h"

namespace tastevin {

/// Throws `Error{invalid_argument}` for a threshold that every score is above or below. What a regression answers may
/// be any number, and so may raw scores.
inline void check_threshold(const ClassifyOptions& options, Task task) {
  const bool automatic = options.function_to_apply == Activation::automatic;
  const bool raw = options.function_to_apply == Activation::none || (automatic && task == Task::regression);
  if (!options.threshold || raw || (*options.threshold >= 0 && *options.threshold <= 1)) return;
  throw Error(ErrorCode::invalid_argument,
              "threshold: expected 0 to 1, found " + decimal(static_cast<double>(*options.threshold), 4));
}

}  // namespace tastevin
