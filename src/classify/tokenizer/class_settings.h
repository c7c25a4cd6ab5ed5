#pragma once

// What the reference's classes change of tokenizer.json by their settings. Nothing is changed where no class is known.

#include "base/json.h"
#include "classify/tokenizer/tokenizer_config.h"

namespace tastevin::tokenizer {

/// do_lower_case, strip_accents and tokenize_chinese_chars of a BERT class go over what a BertNormalizer says.
void apply_to_normalizer(const TokenizerConfig& config, Json& normalizer);

/// add_prefix_space, false unless it is given, goes over what ByteLevel says.
void apply_to_pre_tokenizer(const TokenizerConfig& config, Json& pre_tokenizer);

/// add_prefix_space and trim_offsets of a RoBERTa class go over what the post-processor says.
void apply_to_post_processor(const TokenizerConfig& config, Json& post_processor);

}  // namespace tastevin::tokenizer
