#include "classify/tokenizer/assembly.h"

#include <algorithm>
#include <string>

#include "base/error.h"
#include "classify/tokenizer/truncation.h"

namespace tastevin::tokenizer {
namespace {

using Kind = TemplatePart::Kind;

[[noreturn]] void no_room(const EncodeOptions& options, const std::string& what) {
  throw Error(ErrorCode::invalid_argument,
              "max_length " + std::to_string(options.max_length) + " has no room for " + what);
}

/// Tokens that the texts may have.
std::size_t budget(const EncodeOptions& options, std::size_t special) {
  if (options.max_length < special) no_room(options, "the " + std::to_string(special) + " special tokens");
  return options.max_length - special;
}

TokenRange keep(std::size_t tokens, std::size_t count, Truncation truncation) {
  return truncation == Truncation::left ? TokenRange{tokens - count, tokens} : TokenRange{0, count};
}

/// How many tokens of each text stay.
std::array<std::size_t, 2> counts(std::size_t first, std::size_t second, std::size_t limit,
                                  const EncodeOptions& options) {
  if (options.pair_truncation == PairTruncation::longest_first || second == 0) {
    const auto [keep_first, keep_second] = longest_first(first, second, limit);
    return {keep_first, keep_second};
  }
  const bool cuts_first = options.pair_truncation == PairTruncation::only_first;
  if (const std::size_t whole = cuts_first ? second : first; whole >= limit) {
    throw Error(ErrorCode::too_large, "the text of the pair that must stay whole has " + std::to_string(whole) +
                                          " tokens: expected fewer than " + std::to_string(limit));
  }
  return cuts_first ? std::array{limit - second, second} : std::array{first, limit - first};
}

/// Ranges of `length` tokens that overlap by `stride`, from the start or from the end.
std::vector<TokenRange> overlapping(std::size_t tokens, std::size_t length, std::size_t stride, Truncation truncation) {
  std::vector<TokenRange> ranges;
  std::size_t done = 0;  // tokens from the side that the first window has
  while (ranges.empty() || done < tokens) {
    const std::size_t skipped = ranges.empty() ? 0 : done - stride;
    done = std::min(skipped + length, tokens);
    ranges.push_back(truncation == Truncation::left ? TokenRange{tokens - done, tokens - skipped}
                                                    : TokenRange{skipped, done});
  }
  return ranges;
}

struct Step {
  std::size_t room = 0;    // tokens of the text that is cut, a window
  std::size_t stride = 0;  // of them shared
};

/// The other text of a pair stands in each window: a long one would cost the work of hundreds.
void check_cost(const TokenPair& tokens, std::size_t cut, Step step, const EncodeOptions& options) {
  constexpr std::size_t kMostTimes = 8;
  const std::size_t other = tokens[1 - cut]->ids.size();
  if (other == 0) return;
  const std::size_t whole = tokens[cut]->ids.size();
  const std::size_t each = step.room - step.stride;
  const std::size_t windows = 1 + (whole - step.room + each - 1) / each;
  if (windows * options.max_length <= kMostTimes * (whole + other)) return;
  throw Error(ErrorCode::too_large, "the text of the pair that must stay whole leaves " + std::to_string(step.room) +
                                        " tokens of a window of " + std::to_string(options.max_length) +
                                        ": the other, of " + std::to_string(whole) + " tokens, would take " +
                                        std::to_string(windows) + " windows");
}

void append_special(const TemplatePart& part, bool spanned, Encoding& out) {
  out.ids.push_back(part.id);
  out.type_ids.push_back(part.type_id);
  out.special.push_back(1);
  if (spanned) out.offsets.emplace_back();
}

void append_spans(const Tokens& tokens, TokenRange kept, std::span<const OffsetTrim> trims, Encoding& out) {
  const std::size_t first = out.offsets.size();
  const auto spans = std::span(tokens.spans).subspan(kept.begin, kept.size());
  out.offsets.insert(out.offsets.end(), spans.begin(), spans.end());
  if (trims.empty()) return;
  const auto blanks = std::span(tokens.blanks).subspan(kept.begin, kept.size());
  for (const OffsetTrim trim : trims) trim_offsets(trim, blanks, std::span(out.offsets).subspan(first));
}

void append_text(const TemplatePart& part, const Tokens& tokens, TokenRange kept, Encoding& out) {
  const auto ids = std::span(tokens.ids).subspan(kept.begin, kept.size());
  out.ids.insert(out.ids.end(), ids.begin(), ids.end());
  out.type_ids.resize(out.ids.size(), part.type_id);
  out.special.resize(out.ids.size(), 0);
}

}  // namespace

Kept truncate(const TokenPair& tokens, std::size_t special, const EncodeOptions& options) {
  const std::size_t first = tokens[0]->ids.size();
  const std::size_t second = tokens[1]->ids.size();
  if (options.max_length == 0 || first + second + special <= options.max_length) return {{{0, first}, {0, second}}};
  if (options.truncation == Truncation::error) {
    throw Error(ErrorCode::too_large, "the text has " + std::to_string(first + second + special) + " tokens, at most " +
                                          std::to_string(options.max_length) + " are allowed");
  }
  const auto [keep_first, keep_second] = counts(first, second, budget(options, special), options);
  return {keep(first, keep_first, options.truncation), keep(second, keep_second, options.truncation)};
}

std::vector<Kept> windows(const TokenPair& tokens, std::size_t special, std::size_t stride,
                          const EncodeOptions& options) {
  const Kept first_window = truncate(tokens, special, options);
  const std::size_t first = tokens[0]->ids.size();
  const std::size_t second = tokens[1]->ids.size();
  if (first_window[0].size() == first && first_window[1].size() == second) return {first_window};
  if (first > 0 && second > 0 && options.pair_truncation == PairTruncation::longest_first) {
    throw Error(ErrorCode::invalid_argument,
                "windows over a pair: expected only_first or only_second, found longest_first");
  }
  const bool cuts_second = second > 0 && (first == 0 || options.pair_truncation == PairTruncation::only_second);
  const std::size_t cut = cuts_second ? 1 : 0;
  if (first_window[cut].size() <= stride) {
    throw Error(ErrorCode::too_large, "a window of " + std::to_string(options.max_length) +
                                          " tokens has no room for more than the stride of " + std::to_string(stride));
  }
  check_cost(tokens, cut, {first_window[cut].size(), stride}, options);
  std::vector<Kept> result;
  for (const TokenRange range :
       overlapping(tokens[cut]->ids.size(), first_window[cut].size(), stride, options.truncation)) {
    Kept window = first_window;
    window[cut] = range;
    result.push_back(window);
  }
  return result;
}

void assemble(const Recipe& recipe, const TokenPair& tokens, const Kept& kept, const EncodeOptions& options,
              Encoding& out) {
  out.ids.clear();
  out.type_ids.clear();
  out.special.clear();
  out.offsets.clear();
  for (const TemplatePart& part : recipe.parts) {
    if (part.kind == Kind::special) {
      if (options.special_tokens) append_special(part, options.offsets, out);
      continue;
    }
    const std::size_t which = part.kind == Kind::first ? 0 : 1;
    append_text(part, *tokens[which], kept[which], out);
    if (options.offsets) append_spans(*tokens[which], kept[which], recipe.trims, out);
  }
  out.truncated = kept[0].size() < tokens[0]->ids.size() || kept[1].size() < tokens[1]->ids.size();
}

}  // namespace tastevin::tokenizer
