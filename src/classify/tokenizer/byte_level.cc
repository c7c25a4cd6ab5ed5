#include "classify/tokenizer/byte_level.h"

#include <algorithm>
#include <string_view>

#include "classify/tokenizer/byte_level_scan.h"
#include "classify/tokenizer/byte_spelling.h"

namespace tastevin::tokenizer {
namespace {

bool lacks_blank(const AlignedText& text, const Piece& piece) {
  return !piece.is_token() && text.text[piece.begin] != ' ';
}

void prefix_blanks(PreTokenized& state) {
  const auto lacks = [&state](const Piece& piece) { return lacks_blank(state.text, piece); };
  if (std::ranges::none_of(state.pieces, lacks)) return;
  transform(state, [&lacks](const AlignedText& text, const Piece& piece, AlignedText& out) {
    append_prefixed(text, piece.begin, piece.end, lacks(piece) ? " " : "", out);
  });
}

void cut_by_pattern(const AlignedText& text, const Piece& piece, std::vector<Piece>& out) {
  const std::string_view content = std::string_view(text.text).substr(0, piece.end).substr(piece.begin);
  for (std::size_t at = 0; at < content.size();) {
    const std::size_t end = byte_level::next_cut(content, at);
    out.push_back({piece.begin + at, piece.begin + end});
    at = end;
  }
}

}  // namespace

void ByteLevel::apply(PreTokenized& state, Scratch& /*scratch*/) const {
  if (options_.prefix == Prefix::blank) prefix_blanks(state);
  if (options_.cut == Cut::pattern) refine(state, cut_by_pattern);
  if (options_.spelling == Spelling::raw) return;
  transform(state, [](const AlignedText& text, const Piece& piece, AlignedText& out) {
    spell_bytes(text, piece.begin, piece.end, out);
  });
}

}  // namespace tastevin::tokenizer
