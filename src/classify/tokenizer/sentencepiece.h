#pragma once

// SentencePiece's *.model files: a protocol buffer of pieces and settings. Reads what tokenizing needs and steps over
// the rest: special pieces, how blanks are treated and byte fallback are fixed by the reference's converter, whatever
// the file says. Bounds-checked; nothing is allocated by a size that the file states.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tastevin::tokenizer {

struct SentencePieceModel {
  enum class PieceType : std::uint8_t { normal = 1, unknown, control, user_defined, unused, byte };
  enum class Algorithm : std::uint8_t { unigram = 1, bpe, word, character };

  struct Piece {
    std::string text;
    float score = 0;
    PieceType type = PieceType::normal;
  };

  /// The defaults are those of the format: a field that equals its default may be absent.
  struct Trainer {
    Algorithm algorithm = Algorithm::unigram;
    std::int32_t unk_id = 0;
  };

  struct Normalizer {
    std::string precompiled_charsmap;
  };

  std::vector<Piece> pieces;  // the place is the id
  Trainer trainer;
  Normalizer normalizer;
};

/// Throws `Error{bad_checkpoint}` naming `where` and the byte when `bytes` is not such a model, or has no pieces.
SentencePieceModel read_sentencepiece(std::string_view bytes, const std::string& where);

}  // namespace tastevin::tokenizer
