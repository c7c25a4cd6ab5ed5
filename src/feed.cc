#include "feed.h"

#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "classify/batch/pack.h"

namespace tastevin {
namespace {

// Enough texts to fill rows to the brim, few enough to be encoded while the last batches of the window before run.
constexpr std::size_t kWindow = 1024;

}  // namespace

std::optional<Batch> Feed::next() {
  if (requests_.empty() && end_ < texts_.size()) open_window();
  if (requests_.empty()) return std::nullopt;
  const Stopwatch watch;
  Batch batch = batch::pack(requests_.front(), encodings_, tokenizer_.pad_id());
  requests_.pop_front();
  for (std::size_t& source : batch.source) source += source == kNoText ? 0 : begin_;
  tokens_ += batch.tokens;
  filler_ += batch.rows * batch.length - batch.tokens;
  batch_ms_ += watch.ms();
  return batch;
}

void Feed::open_window() {
  begin_ = end_;
  encode_window(std::min(texts_.size(), begin_ + kWindow));
  plan_window();
}

void Feed::encode_window(std::size_t end) {
  const Stopwatch watch;
  end_ = end;
  encodings_.resize(end_ - begin_);
  for (std::size_t i = begin_; i < end_; ++i) {
    Encoding& encoding = encodings_[i - begin_];
    tokenizer_.encode(texts_[i], encoding_, encoding);
    seen_[i] = {encoding.ids.size(), encoding.truncated};
  }
  tokenize_ms_ += watch.ms();
}

void Feed::plan_window() {
  const Stopwatch watch;
  std::vector<std::size_t> lengths(encodings_.size());
  std::ranges::transform(encodings_, lengths.begin(), [](const Encoding& encoding) { return encoding.ids.size(); });
  std::ranges::move(batch::plan(lengths, planning_), std::back_inserter(requests_));
  batch_ms_ += watch.ms();
}

}  // namespace tastevin
