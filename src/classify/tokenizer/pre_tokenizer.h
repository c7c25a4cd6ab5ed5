#pragma once

// Pre-tokenizers cut a normalized text into the pieces that the model reads one by one. One class a component of
// tokenizer.json. Immutable.

#include "classify/tokenizer/pre_tokenized.h"

namespace tastevin::tokenizer {

struct Scratch;

class PreTokenizer {
 public:
  virtual ~PreTokenizer() = default;

  /// Refines the pieces that are not added tokens; may rewrite their text. Throws `Error{too_large}` when a pattern
  /// gives up on one (`Regex`), and on no other text.
  virtual void apply(PreTokenized& state, Scratch& scratch) const = 0;

  /// Whether it asks where a piece came from, so that alignments must be tracked even when nobody wants offsets.
  virtual bool needs_sources() const { return false; }
};

}  // namespace tastevin::tokenizer
