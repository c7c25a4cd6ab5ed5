#pragma once

// BertNormalizer: clean_text, handle_chinese_chars, strip_accents and lowercase, in that order.

#include "classify/tokenizer/bert_folding.h"
#include "classify/tokenizer/normalizer.h"

namespace tastevin::tokenizer {

class BertNormalizer final : public Normalizer {
 public:
  explicit BertNormalizer(const BertRules& rules) : rules_(rules) {}

  void apply(AlignedText& text, Scratch& scratch) const override;

  const BertRules& rules() const noexcept { return rules_; }

 private:
  BertRules rules_;
};

}  // namespace tastevin::tokenizer
