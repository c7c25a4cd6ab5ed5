#pragma once

// The way of a call's texts to the device: encoded a block at a time, planned, and packed one batch after another as
// the device asks for them. So the texts of the next block are encoded while those before them run.

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

/// How texts become encodings.
struct Reading {
  tokenizer::EncodeOptions encoding;
  std::optional<std::size_t> shared = std::nullopt;  // tokens that windows of a long text share; none: it is cut
};

class Feed {
 public:
  /// What is kept of an encoding once it is packed: a text's only one, or one of its windows.
  struct Part {
    std::size_t text = 0;
    std::size_t tokens = 0;
    bool truncated = false;
    bool whole = true;       // no window
    std::size_t window = 0;  // which of the text's
    Span source = {};        // of a window in its text; of a pair's, in the text that is cut
  };

  Feed(const tokenizer::Tokenizer& tokenizer, std::span<const Text> texts, const Reading& reading,
       const batch::PlanOptions& planning)
      : tokenizer_(tokenizer), texts_(texts), reading_(reading), planning_(planning) {
    parts_.reserve(texts.size());
  }

  /// The next batch, its `source` counted from the call's first part; none after the last.
  std::optional<Batch> next();

  const Part& part(std::size_t source) const { return parts_[source]; }
  /// That which was encoded last, or could not be.
  std::size_t last_text() const { return end_ - 1; }
  std::size_t tokens() const { return tokens_; }
  std::size_t filler() const { return filler_; }
  double tokenize_ms() const { return tokenize_ms_; }
  double batch_ms() const { return batch_ms_; }

 private:
  void open_block();
  void encode_block();
  void encode(std::size_t text);
  void plan_block();

  const tokenizer::Tokenizer& tokenizer_;
  std::span<const Text> texts_;
  Reading reading_;
  batch::PlanOptions planning_;
  std::size_t end_ = 0;              // texts that are encoded
  std::size_t begin_ = 0;            // parts before those of the block
  std::size_t count_ = 0;            // parts of the block
  std::vector<Encoding> encodings_;  // of the block and more; the buffers are used again
  std::deque<batch::Request> requests_;
  std::vector<Part> parts_;
  std::size_t tokens_ = 0;
  std::size_t filler_ = 0;
  double tokenize_ms_ = 0;
  double batch_ms_ = 0;
};

}  // namespace tastevin
