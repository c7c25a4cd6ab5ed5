#include "classify/tokenizer/pattern.h"

namespace tastevin::tokenizer {
namespace {

using Kind = Match::Kind;

/// Appends the match begin..end and the gap since `gap`, which it moves.
void add_match(std::size_t begin, std::size_t end, std::size_t& gap, std::vector<Match>& out) {
  if (gap != begin) out.push_back({gap, begin, Kind::gap});
  out.push_back({begin, end, Kind::match});
  gap = end;
}

}  // namespace

Pattern Pattern::read(const Json& json, const std::string& where) {
  const Json& pattern = require_member(json, "pattern", where);
  const std::string place = where + ": pattern";
  if (pattern.is_object() && pattern.contains("Regex")) {
    return Pattern(std::make_unique<Regex>(require_string(pattern, "Regex", place), place));
  }
  std::string literal = pattern.is_string() ? pattern.get<std::string>() : require_string(pattern, "String", place);
  // An empty literal matches between all characters, as the empty expression does.
  return literal.empty() ? Pattern(std::make_unique<Regex>("", place)) : Pattern(std::move(literal));
}

void Pattern::find(std::string_view text, std::size_t origin, std::vector<Match>& out) const {
  if (regex_ == nullptr) {
    find_literal(text, origin, out);
    return;
  }
  if (text.empty()) return;  // "^" and the like match there, but the reference does not ask
  std::size_t gap = origin;
  regex_->each_match(text,
                     [&](std::size_t begin, std::size_t end) { add_match(origin + begin, origin + end, gap, out); });
  if (gap < origin + text.size()) out.push_back({gap, origin + text.size(), Kind::gap});
}

void Pattern::find_literal(std::string_view text, std::size_t origin, std::vector<Match>& out) const {
  std::size_t gap = origin;
  for (std::size_t at = text.find(literal_); at != std::string_view::npos;
       at = text.find(literal_, at + literal_.size())) {
    add_match(origin + at, origin + at + literal_.size(), gap, out);
  }
  if (gap < origin + text.size()) out.push_back({gap, origin + text.size(), Kind::gap});
}

}  // namespace tastevin::tokenizer
