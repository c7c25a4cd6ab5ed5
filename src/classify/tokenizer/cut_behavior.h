#pragma once

// What a pattern cuts a text into: matches and what lies between them, joined as the pre-tokenizer's behavior says.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "classify/tokenizer/pre_tokenized.h"

namespace tastevin::tokenizer {

/// Bytes begin..end, either a match of the pattern or a gap between two.
struct Match {
  enum class Kind : std::uint8_t { gap, match };

  std::size_t begin = 0;
  std::size_t end = 0;
  Kind kind = Kind::gap;
};

enum class CutBehavior : std::uint8_t { removed, isolated, merged_with_previous, merged_with_next, contiguous };

/// Appends the pieces that `matches`, which cover a range without holes, come to.
void cut_by(std::span<const Match> matches, CutBehavior behavior, std::vector<Piece>& out);

/// "Removed", "Isolated", ... Throws `Error{bad_checkpoint}` for anything else.
CutBehavior read_behavior(const Json& json, const std::string& where);

/// Appends the matches of a pattern of one code point over bytes begin..end, each match on its own.
template <class Matches>
void match_code_points(std::string_view text, std::size_t begin, std::size_t end, Matches&& is_match,
                       std::vector<Match>& out) {
  std::size_t gap = begin;
  for (std::size_t at = begin; at < end;) {
    const utf8::Decoded decoded = utf8::decode(text, at);
    const std::size_t next = at + decoded.length;
    if (is_match(decoded.code_point)) {
      if (gap < at) out.push_back({gap, at, Match::Kind::gap});
      out.push_back({at, next, Match::Kind::match});
      gap = next;
    }
    at = next;
  }
  if (gap < end) out.push_back({gap, end, Match::Kind::gap});
}

}  // namespace tastevin::tokenizer
