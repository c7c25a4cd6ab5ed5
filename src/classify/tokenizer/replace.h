#pragma once

// Replace: what a pattern matches becomes a string.

#include <string>
#include <utility>

#include "classify/tokenizer/normalizer.h"
#include "classify/tokenizer/pattern.h"

namespace tastevin::tokenizer {

class Replace final : public Normalizer {
 public:
  Replace(Pattern pattern, std::string content) : pattern_(std::move(pattern)), content_(std::move(content)) {}

  void apply(AlignedText& text, Scratch& scratch) const override;

 private:
  Pattern pattern_;
  std::string content_;
};

}  // namespace tastevin::tokenizer
