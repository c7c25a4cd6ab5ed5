#include "classify/tokenizer/bert_pre_tokenizer.h"

#include "classify/tokenizer/unicode.h"

namespace tastevin::tokenizer {
namespace {

using unicode::Flag;

void cut_words(const AlignedText& text, const Piece& piece, std::vector<Piece>& out) {
  std::size_t word = piece.begin;
  for (std::size_t at = piece.begin; at < piece.end;) {
    const utf8::Decoded decoded = utf8::decode(text.text, at);
    const std::size_t next = at + decoded.length;
    const std::uint32_t flags = unicode::record(decoded.code_point).flags;
    if ((flags & (Flag::space | Flag::punctuation)) != 0) {
      out.push_back({word, at});
      if ((flags & Flag::space) == 0) out.push_back({at, next});
      word = next;
    }
    at = next;
  }
  out.push_back({word, piece.end});
}

}  // namespace

void BertPreTokenizer::apply(PreTokenized& state, Scratch& /*scratch*/) const { refine(state, cut_words); }

}  // namespace tastevin::tokenizer
