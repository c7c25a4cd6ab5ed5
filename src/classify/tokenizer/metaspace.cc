#include "classify/tokenizer/metaspace.h"

#include <algorithm>
#include <string_view>

namespace tastevin::tokenizer {

bool Metaspace::is_prefixed(const AlignedText& text, const Piece& piece) const {
  const std::string_view content = std::string_view(text.text).substr(piece.begin, piece.end - piece.begin);
  if (content.starts_with(' ') || content.starts_with(replacement_)) return false;
  if (prepend_ == Prepend::first) return text.sources[piece.begin].begin == 0;
  return prepend_ == Prepend::always;
}

void Metaspace::rewrite(const AlignedText& text, const Piece& piece, AlignedText& out) const {
  if (is_prefixed(text, piece)) out.append(replacement_, text.source_at(piece.begin));
  const std::string_view searched = std::string_view(text.text).substr(0, piece.end);
  for (std::size_t at = piece.begin; at < piece.end;) {
    const std::size_t blank = std::min(searched.find(' ', at), piece.end);
    out.append(text, at, blank);
    if (blank == piece.end) break;
    out.append(replacement_, text.source_at(blank));
    at = blank + 1;
  }
}

void Metaspace::cut(const AlignedText& text, const Piece& piece, std::vector<Piece>& out) const {
  const std::string_view searched = std::string_view(text.text).substr(0, piece.end);
  std::size_t begin = piece.begin;
  while (true) {
    const std::size_t next = searched.find(replacement_, begin + 1);
    if (next == std::string_view::npos) break;
    out.push_back({begin, next});
    begin = next;
  }
  out.push_back({begin, piece.end});
}

void Metaspace::apply(PreTokenized& state, Scratch& /*scratch*/) const {
  transform(state,
            [this](const AlignedText& text, const Piece& piece, AlignedText& out) { rewrite(text, piece, out); });
  if (cut_ == Cut::none) return;
  refine(state,
         [this](const AlignedText& text, const Piece& piece, std::vector<Piece>& out) { cut(text, piece, out); });
}

}  // namespace tastevin::tokenizer
