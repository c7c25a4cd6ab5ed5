#pragma once

// NFD, NFC, NFKD and NFKC, with the Unicode tables and the alignments of the reference.

#include <cstdint>

#include "classify/tokenizer/normalizer.h"

namespace tastevin::tokenizer {

class UnicodeForm final : public Normalizer {
 public:
  enum class Decomposition : std::uint8_t { canonical, compatibility };
  enum class Composition : std::uint8_t { none, canonical };

  UnicodeForm(Decomposition decomposition, Composition composition)
      : decomposition_(decomposition), composition_(composition) {}

  void apply(AlignedText& text, Scratch& scratch) const override;

 private:
  Decomposition decomposition_;
  Composition composition_;
};

}  // namespace tastevin::tokenizer
