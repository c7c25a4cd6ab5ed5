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

/// Whether the reference reads a tokenizer.json, or makes one of the class's own files: its two kinds of classes give
/// their special tokens different flags.
enum class Source : std::uint8_t { tokenizer_json, vocabulary };

struct SpecialToken {
  AddedToken token;
  bool has_flags = false;  // of its own, which go over those that the token has already
};

/// All special tokens, in the order in which the reference adds them. One that the configuration names has the flags
/// that it has among `stored`, else those that the configuration or the class gives it.
std::vector<SpecialToken> special_tokens(const TokenizerConfig& config, Family family, Source source,
                                         const std::vector<AddedToken>& stored);

}  // namespace tastevin::tokenizer
