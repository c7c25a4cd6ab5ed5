#pragma once

// What the reference knows of its tokenizer classes besides their files: the special tokens that they name by default,
// with the flags that these get.

#include <string_view>
#include <vector>

#include "classify/tokenizer/added_tokens.h"
#include "classify/tokenizer/tokenizer_config.h"

namespace tastevin::tokenizer {

enum class Family : std::uint8_t {
  bert,
  mpnet,
  roberta,
  gpt2,
  deberta,
  deberta_v2,
  albert,
  xlm_roberta,
  camembert,
  other
};

/// By name, without "Fast".
Family family_of(std::string_view tokenizer_class);

/// The special token `key` ("cls_token", ...): as the configuration names it, else the family's own; "" for none.
std::string special_token(const TokenizerConfig& config, Family family, std::string_view key);

/// All special tokens with their flags, in the order in which the reference adds them.
std::vector<AddedToken> special_tokens(const TokenizerConfig& config, Family family);

}  // namespace tastevin::tokenizer
