#include "feed.h"

#include <algorithm>
#include <iterator>

#include "classify/batch/pack.h"

namespace tastevin {
namespace {

// Enough texts to fill rows to the brim, few enough to be encoded while the last batches of the block before run.
constexpr std::size_t kBlock = 1024;

/// Some of an encoding's tokens.
struct TokenRun {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// From the first to the last token of the text, of a pair that of the two which is read in windows.
TokenRun read_in_windows(const Encoding& encoding, const Text& text, PairTruncation windowed) {
  std::size_t begin = 0;
  std::size_t end = encoding.ids.size();
  while (begin < end && encoding.special[begin] != 0) ++begin;
  while (begin < end && encoding.special[end - 1] != 0) --end;
  for (std::size_t i = begin; text.pair && i < end; ++i) {  // special tokens stand between the two
    if (encoding.special[i] == 0) continue;
    if (windowed == PairTruncation::only_second) {
      begin = i + 1;
    } else {
      end = i;
    }
  }
  return {begin, end};
}

/// Where the tokens stand in their text.
Span source_of(const Encoding& encoding, TokenRun tokens) {
  if (tokens.begin == tokens.end) return {};
  Span all = encoding.offsets[tokens.begin];
  for (const Span& token : std::span(encoding.offsets).subspan(tokens.begin, tokens.end - tokens.begin))
    all = {std::min(all.begin, token.begin), std::max(all.end, token.end)};
  return all;
}

}  // namespace

std::optional<Batch> Feed::next() {
  if (requests_.empty() && end_ < texts_.size()) open_block();
  if (requests_.empty()) return std::nullopt;
  const Stopwatch watch;
  Batch batch = batch::pack(requests_.front(), encodings_, tokenizer_.pad_id());
  requests_.pop_front();
  if (!tokenizer_.has_type_ids()) std::ranges::fill(batch.token_type_ids, 0);
  for (std::size_t& source : batch.source) source += source == kNoText ? 0 : begin_;
  tokens_ += batch.tokens;
  filler_ += batch.rows * batch.length - batch.tokens;
  batch_ms_ += watch.ms();
  return batch;
}

void Feed::open_block() {
  begin_ = parts_.size();
  encode_block();
  plan_block();
}

void Feed::encode_block() {
  const Stopwatch watch;
  count_ = 0;
  while (end_ < texts_.size() && count_ < kBlock) encode(end_++);
  tokenize_ms_ += watch.ms();
}

void Feed::encode(std::size_t text) {
  if (encodings_.size() == count_) encodings_.emplace_back();
  tokenizer_.encode(texts_[text], reading_.encoding, encodings_[count_]);
  const Encoding& encoding = encodings_[count_];
  if (!reading_.shared || !encoding.truncated) {
    ++count_;
    parts_.push_back({.text = text, .tokens = encoding.ids.size(), .truncated = encoding.truncated});
    return;
  }
  const PairTruncation windowed = reading_.encoding.pair_truncation;
  std::size_t shared = *reading_.shared;
  if (texts_[text].pair) {  // half of the room that the other text leaves, at most
    const TokenRun first = read_in_windows(encoding, texts_[text], windowed);
    shared = std::min(shared, (first.end - first.begin) / 2);
  }
  tokenizer::EncodeOptions options = reading_.encoding;
  options.offsets = true;
  encodings_.resize(count_);
  std::size_t number = 0;
  for (Encoding& window : tokenizer_.encode_windows(texts_[text], options, shared)) {
    const Span source = source_of(window, read_in_windows(window, texts_[text], windowed));
    parts_.push_back({.text = text, .tokens = window.ids.size(), .whole = false, .window = number++, .source = source});
    encodings_.push_back(std::move(window));
    ++count_;
  }
}

void Feed::plan_block() {
  const Stopwatch watch;
  std::vector<std::size_t> lengths(count_);
  for (std::size_t i = 0; i < count_; ++i) lengths[i] = encodings_[i].ids.size();
  std::ranges::move(batch::plan(lengths, planning_), std::back_inserter(requests_));
  batch_ms_ += watch.ms();
}

}  // namespace tastevin
