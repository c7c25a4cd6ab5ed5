// The answers of a classifier as rows of numbers, for callers who want a matrix and no words.

#include <algorithm>
#include <string>

#include "base/error.h"
#include "classifier_parts.h"
#include "classify/batch/distinct.h"
#include "long_texts.h"
#include "tastevin/classifier.h"

namespace tastevin {
namespace {

/// What makes answers in words of a row would have no effect on it.
void check_options(const ClassifyOptions& options) {
  if (!options.threshold && options.top_k <= 1 && !options.logits) return;
  throw Error(ErrorCode::invalid_argument, "top-k, threshold, logits: a row has a number for every label");
}

void check_size(std::size_t texts, std::size_t labels, std::size_t found) {
  if (found == texts * labels) return;
  throw Error(ErrorCode::invalid_argument, "rows: expected " + std::to_string(texts) + " x " + std::to_string(labels) +
                                               " numbers, found " + std::to_string(found));
}

/// The rows of the distinct texts stand first, in the order in which each came up: none behind its own place, so that
/// from the last text on each row can move to where it belongs.
void spread(const std::vector<std::size_t>& which, std::size_t labels, std::span<float> rows) {
  for (std::size_t text = which.size(); text-- > 0;) {
    if (which[text] == text) continue;
    std::ranges::copy(rows.subspan(which[text] * labels, labels), rows.subspan(text * labels, labels).begin());
  }
}

}  // namespace

void Classifier::logits(std::span<const Text> texts, std::span<float> rows, const ClassifyOptions& options) const {
  const std::size_t labels = parts_->meaning.labels.size();
  check_options(options);
  check_size(texts.size(), labels, rows.size());
  const batch::Distinct distinct = batch::distinct(texts);
  Feed feed = parts_->feed(distinct.texts, options);
  LongTexts long_texts(parts_->meaning, options);

  parts_->run(feed, distinct.which, [&](const Feed::Part& part, std::span<const float> logits) {
    if (part.whole) {
      std::ranges::copy(logits, rows.subspan(part.text * labels, labels).begin());
    } else {
      long_texts.add(part, logits);
    }
  });
  long_texts.put_logits(rows);
  spread(distinct.which, labels, rows);
}

void Classifier::scores(std::span<const Text> texts, std::span<float> rows, const ClassifyOptions& options) const {
  logits(texts, rows, options);
  const std::size_t labels = parts_->meaning.labels.size();
  for (std::size_t text = 0; text < texts.size(); ++text)
    decide::to_scores(rows.subspan(text * labels, labels), parts_->meaning, options);
}

}  // namespace tastevin
