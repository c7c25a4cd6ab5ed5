#pragma once

// The WordPiece model: a word that the vocabulary has whole, else greedy longest pieces, else the unknown token for all
// of it. Linear in the word times the longest token.

#include <cstdint>
#include <string>

#include "classify/tokenizer/double_array.h"
#include "classify/tokenizer/model.h"
#include "classify/tokenizer/vocabulary.h"
#include "classify/tokenizer/word_table.h"

namespace tastevin::tokenizer {

struct WordPieceOptions {
  std::string unk_token = "[UNK]";
  std::string continuing_subword_prefix = "##";
  std::size_t max_input_chars_per_word = 100;  // code points
};

class WordPiece final : public Model {
 public:
  /// Throws `Error{bad_checkpoint}` when the vocabulary lacks the unknown token.
  WordPiece(Vocabulary vocabulary, const WordPieceOptions& options);

  void tokenize(std::string_view piece, Scratch& /*scratch*/, std::vector<PieceToken>& out) const override {
    tokenize_word(piece, out);
  }
  void tokenize_word(std::string_view word, std::vector<PieceToken>& out) const;

  /// The id of a word that is one token and short, or -1: most words end here.
  std::int32_t whole_word(const WordTable::Key& word) const noexcept {
    return word.length <= max_chars_ ? whole_.find(word) : -1;
  }

  std::optional<std::int32_t> id_of(std::string_view token) const override { return vocabulary_.id_of(token); }
  std::optional<std::string_view> token_of(std::int32_t id) const override { return vocabulary_.token_of(id); }
  std::size_t vocabulary_size() const override { return vocabulary_.size(); }
  std::size_t id_bound() const override { return vocabulary_.id_bound(); }

 private:
  bool is_too_long(std::string_view word) const noexcept;

  Vocabulary vocabulary_;
  WordTable whole_;
  DoubleArray starts_;         // every token: a continuation form can begin a word that spells it
  DoubleArray continuations_;  // without the prefix
  std::int32_t unknown_ = 0;
  std::size_t max_chars_ = 0;
};

}  // namespace tastevin::tokenizer
