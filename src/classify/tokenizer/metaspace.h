#pragma once

// Metaspace: blanks become a visible character, one is put before a piece, and the text is cut before each.

#include <cstdint>
#include <string>

#include "classify/tokenizer/pre_tokenizer.h"

namespace tastevin::tokenizer {

class Metaspace final : public PreTokenizer {
 public:
  enum class Prepend : std::uint8_t { always, first, never };
  enum class Cut : std::uint8_t { before_each, none };

  Metaspace(std::string replacement, Prepend prepend, Cut cut)
      : replacement_(std::move(replacement)), prepend_(prepend), cut_(cut) {}

  void apply(PreTokenized& state, Scratch& scratch) const override;
  bool needs_sources() const override { return prepend_ == Prepend::first; }

 private:
  bool is_prefixed(const AlignedText& text, const Piece& piece) const;
  void rewrite(const AlignedText& text, const Piece& piece, AlignedText& out) const;
  void cut(const AlignedText& text, const Piece& piece, std::vector<Piece>& out) const;

  std::string replacement_;  // one code point
  Prepend prepend_;
  Cut cut_;
};

}  // namespace tastevin::tokenizer
