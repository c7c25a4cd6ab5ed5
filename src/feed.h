#pragma once

// The way of a call's texts to the device: encoded a window at a time, planned, and packed one batch after another as
// the device asks for them. So the texts of the next window are encoded while those before them run.

#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "base/stopwatch.h"
#include "classify/batch/plan.h"
#include "classify/tokenizer/tokenizer.h"
#include "flow/flow.h"

namespace tastevin {

class Feed {
 public:
  /// What is kept of a text's encoding once it is packed.
  struct Seen {
    std::size_t tokens = 0;
    bool truncated = false;
  };

  Feed(const tokenizer::Tokenizer& tokenizer, std::span<const Text> texts, const tokenizer::EncodeOptions& encoding,
       const batch::PlanOptions& planning)
      : tokenizer_(tokenizer), texts_(texts), encoding_(encoding), planning_(planning), seen_(texts.size()) {}

  /// The next batch, its `source` counted from the call's first text; none after the last.
  std::optional<Batch> next();

  const Seen& seen(std::size_t text) const { return seen_[text]; }
  std::size_t tokens() const { return tokens_; }
  std::size_t filler() const { return filler_; }
  double tokenize_ms() const { return tokenize_ms_; }
  double batch_ms() const { return batch_ms_; }

 private:
  void open_window();
  void encode_window(std::size_t end);
  void plan_window();

  const tokenizer::Tokenizer& tokenizer_;
  std::span<const Text> texts_;
  tokenizer::EncodeOptions encoding_;
  batch::PlanOptions planning_;
  std::size_t begin_ = 0;            // of the window, among the call's texts
  std::size_t end_ = 0;              // of the window
  std::vector<Encoding> encodings_;  // of the window; the buffers are used again
  std::deque<batch::Request> requests_;
  std::vector<Seen> seen_;
  std::size_t tokens_ = 0;
  std::size_t filler_ = 0;
  double tokenize_ms_ = 0;
  double batch_ms_ = 0;
};

}  // namespace tastevin
