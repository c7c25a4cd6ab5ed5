#include "classify/decide/decide.h"

#include <algorithm>

#include "base/ranking.h"
#include "classify/decide/activation.h"

namespace tastevin::decide {
namespace {

constexpr float kHolds = 0.5F;  // a label of a multi-label model, unless the caller or the calibration sets a threshold

}  // namespace

void to_scores(std::span<float> row, const Meaning& meaning, const ClassifyOptions& options) {
  if (options.function_to_apply != Activation::automatic) return to_scores(options.function_to_apply, row);
  if (const double temperature = meaning.calibration.temperature; temperature != 1) {
    for (float& score : row) score = static_cast<float>(static_cast<double>(score) / temperature);
  }
  to_scores(meaning.activation, row);
}

Prediction decide(std::span<const float> row, const Meaning& meaning, const ClassifyOptions& options) {
  Prediction prediction;
  if (options.logits) prediction.logits.assign(row.begin(), row.end());
  std::vector<float> scores(row.begin(), row.end());
  to_scores(scores, meaning, options);
  static const Calibration none;
  const bool automatic = options.function_to_apply == Activation::automatic;
  const Calibration& calibration = automatic ? meaning.calibration : none;

  const std::vector<std::size_t> ranked = highest_first(scores);
  const std::size_t wanted = options.top_k == 0 ? ranked.size() : std::min(options.top_k, ranked.size());
  prediction.label = meaning.labels[ranked.front()];
  prediction.score = scores[ranked.front()];
  if (calibration.reject_below && prediction.score < *calibration.reject_below) prediction.label = calibration.other;
  for (const std::size_t id : std::span(ranked).first(wanted)) {
    if (!options.threshold || scores[id] >= *options.threshold)
      prediction.scores.push_back({meaning.labels[id], scores[id], id});
  }
  prediction.multi_label = meaning.task == Task::multi_label;
  if (prediction.multi_label) {
    const auto threshold = [&](std::size_t id) {
      return calibration.thresholds.empty() ? kHolds : calibration.thresholds[id];
    };
    for (const std::size_t id : ranked) {
      if (scores[id] >= (options.threshold ? *options.threshold : threshold(id)))
        prediction.labels.push_back(meaning.labels[id]);
    }
  }
  return prediction;
}

}  // namespace tastevin::decide
