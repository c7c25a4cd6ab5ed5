#pragma once

// What a loaded classifier holds, and the way that all its calls share: texts in, the logits of each out.

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "classify/batch/plan.h"
#include "classify/decide/decide.h"
#include "classify/runtime/session.h"
#include "classify/tokenizer/tokenizer.h"
#include "feed.h"
#include "tastevin/classifier.h"
#include "tastevin/error.h"

namespace tastevin {

batch::PlanOptions plan_options(const runtime::Session& session, std::size_t limit);

/// Throws `Error{unsupported_model}` unless a text has as many logits as there are labels.
void check_answer(const Logits& logits, std::size_t labels);

/// Throws `Error{internal}` for a logit that is infinite or no number: it would make a score of nothing.
void check_finite(std::span<const float> logits);

/// In a handler of `error`: throws it on; where it is about one text of several, with the place of that.
[[noreturn]] void throw_naming_the_text(const Error& error, const Feed& feed, const std::vector<std::size_t>& which);

/// Runs all that `feed` has, and hands to `take` each part (a text or a window of one) with its logits, in the calling
/// thread.
template <class Take>
void run(const runtime::Session& session, Feed& feed, std::size_t labels, Take take) {
  session.infer_all([&feed] { return feed.next(); },
                    [&](const Batch& batch, const Logits& logits) {
                      check_answer(logits, labels);
                      for (std::size_t slot = 0; slot < logits.slots; ++slot) {
                        if (batch.source[slot] != kNoText) take(feed.part(batch.source[slot]), logits.of(slot));
                      }
                    });
}

struct Classifier::Parts {
  ModelInfo info;
  tokenizer::Tokenizer tokenizer;
  runtime::Session session;
  decide::Meaning meaning;
  std::string warning;

  /// Throws `Error{invalid_argument}` for options that contradict each other or the model.
  Feed feed(std::span<const Text> texts, const ClassifyOptions& options) const;

  /// `which` of the feed's texts each text of the call is, so that one that is refused can be named.
  template <class Take>
  void run(Feed& feed, const std::vector<std::size_t>& which, Take take) const {
    try {
      tastevin::run(session, feed, meaning.labels.size(), [&](const Feed::Part& part, std::span<const float> logits) {
        check_finite(logits);
        take(part, logits);
      });
    } catch (const Error& error) {
      throw_naming_the_text(error, feed, which);
    }
  }
};

}  // namespace tastevin
