#pragma once

// The pre-tokenizers that decide by the class of each code point. They rewrite nothing.

#include <cstddef>
#include <cstdint>

#include "classify/tokenizer/cut_behavior.h"
#include "classify/tokenizer/pre_tokenizer.h"

namespace tastevin::tokenizer {

/// Runs of word characters and runs of anything else but white space.
class Whitespace final : public PreTokenizer {
 public:
  void apply(PreTokenized& state, Scratch& scratch) const override;
};

/// Cuts at the code points that a set holds.
class CharacterCut final : public PreTokenizer {
 public:
  using Set = bool (*)(char32_t code_point);

  CharacterCut(Set set, CutBehavior behavior) : set_(set), behavior_(behavior) {}

  void apply(PreTokenized& state, Scratch& scratch) const override;

  static bool is_space(char32_t code_point);
  static bool is_punctuation(char32_t code_point);
  static bool is_numeric(char32_t code_point);

 private:
  Set set_;
  CutBehavior behavior_;
};

/// Cuts at one character, which goes.
class CharDelimiterSplit final : public PreTokenizer {
 public:
  explicit CharDelimiterSplit(char32_t delimiter) : delimiter_(delimiter) {}

  void apply(PreTokenized& state, Scratch& scratch) const override;

 private:
  char32_t delimiter_;
};

/// Cuts where the script changes. Blanks go with what stands before them; those at the start are lost, as in the
/// reference.
class UnicodeScripts final : public PreTokenizer {
 public:
  void apply(PreTokenized& state, Scratch& scratch) const override;
};

/// Cuts into pieces of so many code points.
class FixedLength final : public PreTokenizer {
 public:
  explicit FixedLength(std::size_t length) : length_(length) {}

  void apply(PreTokenized& state, Scratch& scratch) const override;

 private:
  std::size_t length_;
};

}  // namespace tastevin::tokenizer
