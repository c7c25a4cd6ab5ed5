#pragma once

// The normalizers that look at one code point at a time, or at the ends of the text.

#include <cstdint>
#include <string>
#include <utility>

#include "classify/tokenizer/normalizer.h"

namespace tastevin::tokenizer {

class Lowercase final : public Normalizer {
 public:
  void apply(AlignedText& text, Scratch& scratch) const override;
};

/// Removes code points of category M; decomposes nothing.
class StripAccents final : public Normalizer {
 public:
  void apply(AlignedText& text, Scratch& scratch) const override;
};

/// Removes white space at the ends.
class Strip final : public Normalizer {
 public:
  struct Sides {
    bool left = true;
    bool right = true;
  };

  explicit Strip(Sides sides) : sides_(sides) {}

  void apply(AlignedText& text, Scratch& scratch) const override;

 private:
  Sides sides_;
};

/// Puts a string before a text that is not empty.
class Prepend final : public Normalizer {
 public:
  explicit Prepend(std::string prefix) : prefix_(std::move(prefix)) {}

  void apply(AlignedText& text, Scratch& scratch) const override;

 private:
  std::string prefix_;
};

/// Control characters go, odd blanks become spaces.
class Nmt final : public Normalizer {
 public:
  void apply(AlignedText& text, Scratch& scratch) const override;
};

/// Spells every byte by its stand-in character.
class ByteLevelNormalizer final : public Normalizer {
 public:
  void apply(AlignedText& text, Scratch& scratch) const override;
};

}  // namespace tastevin::tokenizer
