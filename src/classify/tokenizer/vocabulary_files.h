#pragma once

// The tokenizers that a folder without tokenizer.json stands for: the reference's class, by its name, says what to
// build around the vocabulary.

#include <filesystem>
#include <optional>

#include "classify/tokenizer/components.h"
#include "classify/tokenizer/tokenizer_config.h"

namespace tastevin::tokenizer {

/// vocab.txt: one token a line; its id is the number of the line. BERT and MPNet classes; BERT where none is named.
Components from_vocab_txt(const std::filesystem::path& path, const TokenizerConfig& config);

/// vocab.json and the merges.txt beside it. RoBERTa, GPT-2 and DeBERTa classes.
Components from_vocab_json(const std::filesystem::path& path, const TokenizerConfig& config);

/// A SentencePiece model. ALBERT, XLM-RoBERTa, CamemBERT and DeBERTa-v2 classes.
Components from_sentencepiece(const std::filesystem::path& path, const TokenizerConfig& config);

/// The tokenizer of the first of these files that is there; nothing if none is.
std::optional<Components> from_vocabulary_files(const std::filesystem::path& folder, const TokenizerConfig& config);

}  // namespace tastevin::tokenizer
