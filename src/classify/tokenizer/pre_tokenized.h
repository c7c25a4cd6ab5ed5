#pragma once

// A normalized text cut into pieces: what pre-tokenizers refine and the model reads.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "classify/tokenizer/aligned_text.h"

namespace tastevin::tokenizer {

inline constexpr std::int32_t kNoToken = -1;

/// Bytes begin..end of the text; an added token is a piece that has its id already and is never cut again.
struct Piece {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::int32_t token = kNoToken;

  bool is_token() const { return token != kNoToken; }
};

struct PreTokenized {
  AlignedText text;
  std::vector<Piece> pieces;  // in order; none empty

  // The next state while it is made.
  AlignedText next_text;
  std::vector<Piece> next_pieces;

  void reset(Alignment alignment) {
    text.clear();
    text.alignment = alignment;
    next_text.alignment = alignment;
    pieces.clear();
  }
};

/// Replaces every piece that is not a token by the pieces that `cut(text, piece, out)` appends; drops empty ones.
template <class Cut>
void refine(PreTokenized& state, Cut&& cut) {
  state.next_pieces.clear();
  for (const Piece& piece : state.pieces) {
    if (piece.is_token()) {
      state.next_pieces.push_back(piece);
    } else {
      cut(state.text, piece, state.next_pieces);
    }
  }
  std::erase_if(state.next_pieces, [](const Piece& piece) { return piece.begin == piece.end; });
  std::swap(state.pieces, state.next_pieces);
}

/// Rewrites the text of every piece that is not a token by `rewrite(text, piece, next_text)`; what lies between pieces
/// goes.
template <class Rewrite>
void transform(PreTokenized& state, Rewrite&& rewrite) {
  state.next_text.clear();
  for (Piece& piece : state.pieces) {
    const std::size_t begin = state.next_text.text.size();
    if (piece.is_token()) {
      state.next_text.append(state.text, piece.begin, piece.end);
    } else {
      rewrite(state.text, piece, state.next_text);
    }
    piece.begin = begin;
    piece.end = state.next_text.text.size();
  }
  std::swap(state.text, state.next_text);
}

}  // namespace tastevin::tokenizer
