#pragma once

// BertNormalizer, BertPreTokenizer and WordPiece in one pass over the text: each word is folded into a small buffer and
// looked up at once. Same result as the three parts one after another. Immutable; any thread.

#include <array>
#include <cstdint>
#include <string_view>

#include "classify/tokenizer/bert_folding.h"
#include "classify/tokenizer/scratch.h"
#include "classify/tokenizer/word_piece.h"

namespace tastevin::tokenizer {

class BertScanner {
 public:
  /// `model` must outlive the scanner.
  BertScanner(const BertRules& rules, const WordPiece& model);

  /// Appends the tokens of `text`, valid UTF-8 whose first code point is number `first` of the original.
  void scan(std::string_view text, std::uint32_t first, Alignment alignment, Scratch& scratch, Tokens& out) const;

 private:
  enum class Action : std::uint8_t { word, space, punctuation, removed };
  struct Ascii {
    Action action = Action::word;
    char folded = 0;
  };
  class Words;
  class SpannedWords;

  template <class WordSink>
  void scan_into(std::string_view text, std::uint32_t first, Scratch& scratch, WordSink& words) const;
  template <class WordSink>
  void fold_ascii(char byte, std::uint32_t place, WordSink& words) const;

  BertRules rules_;
  const WordPiece& model_;
  std::array<Ascii, 128> ascii_{};
};

}  // namespace tastevin::tokenizer
