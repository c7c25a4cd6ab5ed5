#pragma once

// The options that decide which tokens of a text the model sees, apart from those that decide what is answered.

#include "tastevin/options.h"

namespace tastevin {

/// Of `options` those of how a text is read; the others are as they are by default.
inline ClassifyOptions only_reading(const ClassifyOptions& options) {
  ClassifyOptions reading;
  reading.max_length = options.max_length;
  reading.truncation = options.truncation;
  reading.pair_truncation = options.pair_truncation;
  reading.long_text = options.long_text;
  reading.window = options.window;
  reading.stride = options.stride;
  reading.aggregate = options.aggregate;
  return reading;
}

}  // namespace tastevin
