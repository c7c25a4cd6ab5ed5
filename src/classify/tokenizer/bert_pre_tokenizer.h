#pragma once

// BertPreTokenizer: white space separates and goes; each punctuation mark stands alone.

#include "classify/tokenizer/pre_tokenizer.h"

namespace tastevin::tokenizer {

class BertPreTokenizer final : public PreTokenizer {
 public:
  void apply(PreTokenized& state, Scratch& scratch) const override;
};

}  // namespace tastevin::tokenizer
