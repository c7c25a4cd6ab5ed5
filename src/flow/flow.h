#pragma once

// What passes between the stages of `text -> tokenizer -> Encoding -> batch -> Batch -> runtime -> Logits -> decide ->
// Prediction`: one plain struct an arrow (the first and the last are public), and nothing else. No struct here knows
// who made it or who reads it.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tastevin/prediction.h"
#include "tastevin/text.h"

namespace tastevin {

/// A half-open range of code points of the text that a token came from.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  friend bool operator==(const Span&, const Span&) = default;
};

/// One text (or pair) as the model reads it. All vectors are equally long; `offsets` may be empty.
struct Encoding {
  std::vector<std::int32_t> ids;
  std::vector<std::uint8_t> type_ids;  // 0 for the first text, 1 for the second, as the tokenizer's template says
  std::vector<std::uint8_t> special;   // 1 where the template, not the text, put the token
  std::vector<Span> offsets;           // of the token's source; filled only when asked for
  bool truncated = false;
};

/// Texts that run together: rows of tokens, each row holding one text or several after one another, filled up on the
/// right. `segment` tells a row's texts apart: 1 for its first, 2 for its second, ..., 0 for filler.
///
///   input_ids     101 2204 102 101 6659 3185 102 0      two texts in a row of 8
///   position_ids    0    1   2   0    1    2   3 0
///   segment         1    1   1   2    2    2   2 0
///   first           0 3                                  where each begins; 0 for an empty slot
struct Batch {
  std::size_t rows = 0;
  std::size_t length = 0;                    // tokens a row
  std::size_t slots = 1;                     // texts a row at most
  std::vector<std::int64_t> input_ids;       // rows x length
  std::vector<std::int64_t> position_ids;    // rows x length
  std::vector<std::int64_t> token_type_ids;  // rows x length
  std::vector<std::int64_t> segment;         // rows x length
  std::vector<std::int64_t> first;           // rows x slots
  std::vector<std::size_t> source;           // rows x slots: the text of the call in this slot, or kNoText
  std::size_t tokens = 0;                    // real ones, filler left out
};

/// An empty slot of a batch.
inline constexpr std::size_t kNoText = static_cast<std::size_t>(-1);

/// What the model answers for a batch, slot by slot; what stands in an empty slot means nothing.
struct Logits {
  std::size_t slots = 0;  // of all rows
  std::size_t labels = 0;
  std::vector<float> values;  // slots x labels

  std::span<const float> of(std::size_t slot) const { return std::span(values).subspan(slot * labels, labels); }
};

}  // namespace tastevin
