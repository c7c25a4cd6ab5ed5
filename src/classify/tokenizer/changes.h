#pragma once

// A rewritten text as the reference describes it: each new code point with a count that says what becomes of the old
// ones. Where the reference's counts do not add up its alignments drift, and so must ours.

#include <cstdint>
#include <span>

#include "classify/tokenizer/aligned_text.h"

namespace tastevin::tokenizer {

struct Change {
  char32_t code_point = 0;
  std::int32_t count = 0;  // > 0: added; 0: in place of the next old one; -n: the same, and n more old ones go
};

/// Appends to `to` what `changes` make of `from`, with the sources that follow from the counts.
void apply_changes(const AlignedText& from, std::span<const Change> changes, AlignedText& to);

}  // namespace tastevin::tokenizer
