#pragma once

// The options that decide which tokens of a text the model sees, apart from those that decide what is answered.

#include "tastevin/error.h"
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

/// Throws `Error{invalid_argument}` for pairs that are read in windows, of which text is not said.
inline void check_pair_windows(const ClassifyOptions& options) {
  if (options.long_text != LongText::window || options.pair_truncation != PairTruncation::longest_first) return;
  throw Error(ErrorCode::invalid_argument,
              "pair-truncation: expected only_first or only_second for pairs that are read in windows");
}

}  // namespace tastevin
