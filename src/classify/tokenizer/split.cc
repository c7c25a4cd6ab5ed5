#include "classify/tokenizer/split.h"

#include "classify/tokenizer/scratch.h"

namespace tastevin::tokenizer {
namespace {

void invert(std::vector<Match>& matches) {
  using Kind = Match::Kind;
  for (Match& match : matches) match.kind = match.kind == Kind::gap ? Kind::match : Kind::gap;
}

}  // namespace

void Split::apply(PreTokenized& state, Scratch& scratch) const {
  refine(state, [&](const AlignedText& text, const Piece& piece, std::vector<Piece>& out) {
    std::vector<Match>& matches = scratch.matches;
    matches.clear();
    pattern_.find(std::string_view(text.text).substr(piece.begin, piece.end - piece.begin), piece.begin, matches);
    if (delimiter_ == Delimiter::gaps) invert(matches);
    cut_by(matches, behavior_, out);
  });
}

}  // namespace tastevin::tokenizer
