#pragma once

// Models that a test writes down in a line, and what they answer.

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "classify/tokenizer/model.h"
#include "classify/tokenizer/scratch.h"
#include "classify/tokenizer/vocabulary.h"

namespace tastevin::tokenizer {

/// Ids by place.
inline Vocabulary vocabulary_of(std::initializer_list<std::string_view> tokens) {
  Vocabulary vocabulary;
  std::int32_t id = 0;
  for (const std::string_view token : tokens) vocabulary.add(token, id++);
  return vocabulary;
}

inline std::vector<PieceToken> tokens_of(const Model& model, std::string_view piece) {
  Scratch scratch;
  std::vector<PieceToken> out;
  model.tokenize(piece, scratch, out);
  return out;
}

inline std::vector<std::int32_t> ids_of(const Model& model, std::string_view piece) {
  std::vector<std::int32_t> ids;
  for (const PieceToken& token : tokens_of(model, piece)) ids.push_back(token.id);
  return ids;
}

}  // namespace tastevin::tokenizer
