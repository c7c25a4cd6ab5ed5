#pragma once

#include "base/decimal.h"
#include "base/error.h"
#include "tastevin/options.h"

namespace tastevin {

/// Throws `Error{invalid_argument}` for a threshold that every score is above or below; raw ones may be any number.
inline void check_threshold(const ClassifyOptions& options) {
  if (!options.threshold || options.function_to_apply == Activation::none) return;
  if (*options.threshold >= 0 && *options.threshold <= 1) return;
  throw Error(ErrorCode::invalid_argument,
              "threshold: expected 0 to 1, found " + decimal(static_cast<double>(*options.threshold), 4));
}

}  // namespace tastevin
