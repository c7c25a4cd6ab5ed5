#include "classify/tokenizer/word_level.h"

#include <utility>

#include "base/error.h"

namespace tastevin::tokenizer {

WordLevel::WordLevel(Vocabulary vocabulary, std::string_view unk_token)
    : vocabulary_(std::move(vocabulary)), unknown_(vocabulary_.find(unk_token)) {
  if (unknown_ < 0) {
    throw Error(ErrorCode::bad_checkpoint,
                "WordLevel: the unknown token " + in_quotes(unk_token) + " is not in the vocabulary");
  }
}

void WordLevel::tokenize(std::string_view piece, Scratch& /*scratch*/, std::vector<PieceToken>& out) const {
  const std::int32_t id = vocabulary_.find(piece);
  out.push_back({id < 0 ? unknown_ : id, 0, static_cast<std::uint32_t>(piece.size())});
}

}  // namespace tastevin::tokenizer
