#pragma once

// Split: cuts at what a pattern matches, or at everything else.

#include <cstdint>
#include <utility>

#include "classify/tokenizer/pattern.h"
#include "classify/tokenizer/pre_tokenizer.h"

namespace tastevin::tokenizer {

class Split final : public PreTokenizer {
 public:
  enum class Delimiter : std::uint8_t { matches, gaps };

  Split(Pattern pattern, CutBehavior behavior, Delimiter delimiter)
      : pattern_(std::move(pattern)), behavior_(behavior), delimiter_(delimiter) {}

  void apply(PreTokenized& state, Scratch& scratch) const override;

 private:
  Pattern pattern_;
  CutBehavior behavior_;
  Delimiter delimiter_;
};

}  // namespace tastevin::tokenizer
