#pragma once

// What an evaluation says of each label, score and length, whether texts have one label or several.

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "tastevin/evaluate.h"
#include "work/metrics/metrics.h"

namespace tastevin {

/// For each label, the texts that it holds of.
using Holds = std::vector<std::vector<bool>>;

/// How far scores can be trusted. A row of `scores` is a choice, of which `truth` tells the right column.
void add_score_figures(const metrics::Scores& scores, const std::vector<std::size_t>& truth, Evaluation& found);

/// `errors` tells of each text how far its answer is from the truth: 0 for a right label, 1 for a wrong one.
std::vector<LengthBin> length_bins(const std::vector<Prediction>& predictions, const std::vector<double>& errors);

/// At most `most` of the items, evenly taken, the first and the last among them.
template <class Item>
std::vector<Item> thinned(const std::vector<Item>& items, std::size_t most) {
  const std::size_t count = std::min(items.size(), most);
  std::vector<Item> few;
  few.reserve(count);
  for (std::size_t i = 0; i < count; ++i) few.push_back(items[count < 2 ? 0 : i * (items.size() - 1) / (count - 1)]);
  return few;
}

/// Fills `found.labels`, and from them its ROC AUC and average precision.
void add_label_figures(const std::vector<metrics::LabelFigures>& figures, const metrics::Scores& scores,
                       const Holds& holds, Evaluation& found);

/// A text's wrong answer, and how sure the model was of it.
struct Wrong {
  std::size_t text = 0;
  std::string truth;
  std::string answer;
  float score = 0;
};

/// At most `most` of them, the surest first.
void list_wrong_answers(std::vector<Wrong> wrong, const std::vector<Prediction>& predictions,
                        const LabelledTexts& truth, std::size_t most, Evaluation& found);

}  // namespace tastevin
