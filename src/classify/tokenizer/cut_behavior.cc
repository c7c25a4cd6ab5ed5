#include "classify/tokenizer/cut_behavior.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace tastevin::tokenizer {
namespace {

using Kind = Match::Kind;

constexpr std::array<std::pair<std::string_view, CutBehavior>, 5> kNames{{
    {"Removed", CutBehavior::removed},
    {"Isolated", CutBehavior::isolated},
    {"MergedWithPrevious", CutBehavior::merged_with_previous},
    {"MergedWithNext", CutBehavior::merged_with_next},
    {"Contiguous", CutBehavior::contiguous},
}};

/// Joins a match to the piece before it, unless that ends in a match.
void merge_with_previous(std::span<const Match> matches, std::vector<Piece>& out) {
  Kind previous = Kind::gap;
  bool first = true;
  for (const Match& match : matches) {
    if (match.kind == Kind::match && previous == Kind::gap && !first) {
      out.back().end = match.end;
    } else {
      out.push_back({match.begin, match.end});
    }
    previous = match.kind;
    first = false;
  }
}

/// Joins a match to the piece after it, unless that begins with a match. Read from the end, it is the same as above.
void merge_with_next(std::span<const Match> matches, std::vector<Piece>& out) {
  const auto start = static_cast<std::ptrdiff_t>(out.size());
  Kind next = Kind::gap;
  bool first = true;
  for (std::size_t index = matches.size(); index-- > 0;) {
    const Match& match = matches[index];
    if (match.kind == Kind::match && next == Kind::gap && !first) {
      out.back().begin = match.begin;
    } else {
      out.push_back({match.begin, match.end});
    }
    next = match.kind;
    first = false;
  }
  std::reverse(out.begin() + start, out.end());
}

/// Joins neighbours of the same kind.
void merge_alike(std::span<const Match> matches, std::vector<Piece>& out) {
  for (std::size_t index = 0; index < matches.size(); ++index) {
    if (index > 0 && matches[index].kind == matches[index - 1].kind) {
      out.back().end = matches[index].end;
    } else {
      out.push_back({matches[index].begin, matches[index].end});
    }
  }
}

}  // namespace

void cut_by(std::span<const Match> matches, CutBehavior behavior, std::vector<Piece>& out) {
  switch (behavior) {
    case CutBehavior::removed:
      for (const Match& match : matches) {
        if (match.kind == Kind::gap) out.push_back({match.begin, match.end});
      }
      return;
    case CutBehavior::isolated:
      for (const Match& match : matches) out.push_back({match.begin, match.end});
      return;
    case CutBehavior::merged_with_previous:
      merge_with_previous(matches, out);
      return;
    case CutBehavior::merged_with_next:
      merge_with_next(matches, out);
      return;
    case CutBehavior::contiguous:
      merge_alike(matches, out);
      return;
  }
}

CutBehavior read_behavior(const Json& json, const std::string& where) {
  const std::string name = require_string(json, "behavior", where);
  const auto* found = std::ranges::find(kNames, name, &std::pair<std::string_view, CutBehavior>::first);
  if (found == kNames.end()) throw Error(ErrorCode::bad_checkpoint, where + ": unknown behavior " + in_quotes(name));
  return found->second;
}

}  // namespace tastevin::tokenizer
