#pragma once

// What a loaded classifier holds, and the way that all its calls share: texts in, the logits of each out.

#include <span>

#include "classify/batch/plan.h"
#include "classify/decide/decide.h"
#include "classify/runtime/session.h"
#include "classify/tokenizer/tokenizer.h"
#include "feed.h"
#include "tastevin/classifier.h"

namespace tastevin {

batch::PlanOptions plan_options(const runtime::Session& session, std::size_t limit);

struct Classifier::Parts {
  ModelInfo info;
  tokenizer::Tokenizer tokenizer;
  runtime::Session session;
  decide::Meaning meaning;

  /// Throws `Error{invalid_argument}` for options that contradict each other or the model.
  Feed feed(std::span<const Text> texts, const ClassifyOptions& options) const;

  /// Runs all that `feed` has, and hands to `take` each part (a text or a window of one) with its logits, in the
  /// calling thread.
  template <class Take>
  void run(Feed& feed, Take take) const {
    session.infer_all([&feed] { return feed.next(); },
                      [&](const Batch& batch, const Logits& logits) {
                        for (std::size_t slot = 0; slot < logits.slots; ++slot) {
                          if (batch.source[slot] != kNoText) take(feed.part(batch.source[slot]), logits.of(slot));
                        }
                      });
  }
};

}  // namespace tastevin
