#pragma once

// The options that decide which tokens of a text the model sees, apart from those that decide what is answered.

#include "tastevin/options.h"

namespace tastevin {

/// Of `options` those of how a text is read; the others are as they are by default.
inline ClassifyOptions only_reading(const ClassifyOptions& options) {
  const ClassifyOptions none;
  ClassifyOptions reading = options;
  reading.top_k = none.top_k;
  reading.threshold = none.threshold;
  reading.function_to_apply = none.function_to_apply;
  reading.logits = none.logits;
  return reading;
}

}  // namespace tastevin
