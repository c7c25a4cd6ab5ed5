#pragma once

// The BERT family's files: what its classes change of tokenizer.json, and the tokenizer that vocab.txt stands for.

#include <filesystem>

#include "classify/tokenizer/components.h"
#include "classify/tokenizer/tokenizer_config.h"

namespace tastevin::tokenizer {

/// Puts do_lower_case, strip_accents and tokenize_chinese_chars of a BERT class over what a BertNormalizer says.
void apply_bert_settings(const TokenizerConfig& config, Json& normalizer);

/// One token a line; its id is the number of the line.
Components bert_components(const std::filesystem::path& vocabulary, const TokenizerConfig& config);

}  // namespace tastevin::tokenizer
