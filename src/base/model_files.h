#pragma once

// What lies in the folder of a model beside its weights, by the names that Hugging Face's programs give the files.

#include <array>

namespace tastevin {

/// The config, and whatever a tokenizer of some class is read from.
inline constexpr std::array kFilesBesideWeights{"config.json",
                                                "tokenizer.json",
                                                "tokenizer_config.json",
                                                "special_tokens_map.json",
                                                "added_tokens.json",
                                                "vocab.txt",
                                                "vocab.json",
                                                "merges.txt",
                                                "spiece.model",
                                                "spm.model",
                                                "sentencepiece.bpe.model"};

}  // namespace tastevin
