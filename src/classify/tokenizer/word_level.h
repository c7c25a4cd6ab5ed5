#pragma once

// The word-level model: a piece is one token, or the unknown token.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "classify/tokenizer/model.h"
#include "classify/tokenizer/vocabulary.h"

namespace tastevin::tokenizer {

class WordLevel final : public Model {
 public:
  /// Throws `Error{bad_checkpoint}` when the vocabulary lacks the unknown token: the reference would fail at the first
  /// unknown word.
  WordLevel(Vocabulary vocabulary, std::string_view unk_token);

  void tokenize(std::string_view piece, Scratch& scratch, std::vector<PieceToken>& out) const override;

  std::optional<std::int32_t> id_of(std::string_view token) const override { return vocabulary_.id_of(token); }
  std::optional<std::string_view> token_of(std::int32_t id) const override { return vocabulary_.token_of(id); }
  std::size_t vocabulary_size() const override { return vocabulary_.size(); }
  std::size_t id_bound() const override { return vocabulary_.id_bound(); }

 private:
  Vocabulary vocabulary_;
  std::int32_t unknown_;
};

}  // namespace tastevin::tokenizer
