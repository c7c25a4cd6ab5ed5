#pragma once

// Precompiled: the characters map of a SentencePiece model as a normalizer.

#include <utility>

#include "classify/tokenizer/charsmap.h"
#include "classify/tokenizer/normalizer.h"

namespace tastevin::tokenizer {

class Precompiled final : public Normalizer {
 public:
  explicit Precompiled(Charsmap map) : map_(std::move(map)) {}

  void apply(AlignedText& text, Scratch& scratch) const override;

 private:
  Charsmap map_;
};

}  // namespace tastevin::tokenizer
