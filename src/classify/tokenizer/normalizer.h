#pragma once

// Normalizers change the characters of a text before it is cut. One class a component of tokenizer.json. Immutable.

#include "classify/tokenizer/aligned_text.h"

namespace tastevin::tokenizer {

struct Scratch;

class Normalizer {
 public:
  virtual ~Normalizer() = default;

  /// Rewrites `text` in place. Throws `Error{too_large}` when a pattern gives up on it (`Regex`), and on no other text.
  virtual void apply(AlignedText& text, Scratch& scratch) const = 0;
};

}  // namespace tastevin::tokenizer
