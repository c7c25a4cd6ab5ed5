#include "classify/tokenizer/replace.h"

#include "classify/tokenizer/scratch.h"

namespace tastevin::tokenizer {
namespace {

/// Where the replacement of a match comes from: what the last byte of the match came from.
Span source_of(const AlignedText& text, const Match& match) {
  if (match.end > 0) return text.source_at(match.end - 1);
  const std::uint32_t start = text.sources.empty() ? 0 : text.sources[0].begin;
  return {start, start};
}

}  // namespace

void Replace::apply(AlignedText& text, Scratch& scratch) const {
  std::vector<Match>& matches = scratch.matches;
  matches.clear();
  pattern_.find(text.text, 0, matches);
  rewrite(text, scratch, [&](AlignedText& result) {
    for (const Match& match : matches) {
      if (match.kind == Match::Kind::gap) {
        result.append(text, match.begin, match.end);
      } else {
        result.append(content_, source_of(text, match));
      }
    }
  });
}

}  // namespace tastevin::tokenizer
