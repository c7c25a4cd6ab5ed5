#include "work/evaluate/label_figures.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace tastevin {
namespace {

/// The mean, where each label has a figure.
std::optional<double> mean(const std::vector<LabelEvaluation>& labels,
                           std::optional<double> LabelEvaluation::* figure) {
  double sum = 0;
  for (const LabelEvaluation& label : labels) {
    if (!(label.*figure)) return std::nullopt;
    sum += (label.*figure).value_or(0);
  }
  return sum / static_cast<double>(labels.size());
}

/// Of two labels of which one holds, the figure of the second, which is the positive one; else the mean.
std::optional<double> joined(const Evaluation& found, std::optional<double> LabelEvaluation::* figure) {
  if (found.task == Task::single_label && found.labels.size() == 2) return found.labels[1].*figure;
  return mean(found.labels, figure);
}

}  // namespace

void add_score_figures(const metrics::Scores& scores, const std::vector<std::size_t>& truth, Evaluation& found) {
  constexpr std::size_t kScoreBins = 20;
  found.log_loss = metrics::log_loss(scores, truth);
  found.brier = metrics::brier(scores, truth);
  const auto bins = metrics::confidence_bins(scores, truth);
  found.calibration_error = metrics::calibration_error(bins);
  for (const auto& bin : bins) found.reliability.push_back({bin.texts, bin.confidence, bin.accuracy});
  for (const auto& bin : metrics::confidence_bins(scores, truth, kScoreBins)) {
    const auto right = static_cast<std::size_t>(std::lround(bin.accuracy * static_cast<double>(bin.texts)));
    found.scores.push_back({right, bin.texts - right});
  }
}

std::vector<LengthBin> length_bins(const std::vector<Prediction>& predictions, const std::vector<double>& errors) {
  constexpr std::size_t kFirst = 8;
  std::vector<LengthBin> bins;
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    std::size_t bin = 0;
    while (kFirst << bin < predictions[i].tokens) ++bin;
    while (bins.size() <= bin) bins.push_back({.tokens = kFirst << bins.size()});
    ++bins[bin].texts;
    bins[bin].wrong += static_cast<std::size_t>(errors[i] > 0);
    bins[bin].mean_error += errors[i];
  }
  for (LengthBin& bin : bins) bin.mean_error /= static_cast<double>(std::max<std::size_t>(1, bin.texts));
  return bins;
}

void add_label_figures(const std::vector<metrics::LabelFigures>& figures, const metrics::Scores& scores,
                       const Holds& holds, Evaluation& found) {
  constexpr std::size_t kPoints = 200;
  for (std::size_t k = 0; k < figures.size(); ++k) {
    std::vector<double> column;
    column.reserve(scores.texts);
    for (std::size_t i = 0; i < scores.texts; ++i) column.push_back(scores.of(i)[k]);
    found.labels.push_back({found.model.labels[k], figures[k].support, figures[k].precision(), figures[k].recall(),
                            figures[k].f1(), metrics::roc_auc(column, holds[k]),
                            metrics::average_precision(column, holds[k]),
                            thinned(metrics::threshold_curve(column, holds[k]), kPoints)});
  }
  found.roc_auc = joined(found, &LabelEvaluation::roc_auc);
  found.average_precision = joined(found, &LabelEvaluation::average_precision);
}

void list_wrong_answers(std::vector<Wrong> wrong, const std::vector<Prediction>& predictions,
                        const LabelledTexts& truth, std::size_t most, Evaluation& found) {
  std::ranges::stable_sort(wrong, std::ranges::greater{}, &Wrong::score);
  wrong.resize(std::min(wrong.size(), most));
  for (const Wrong& one : wrong) {
    found.wrong.push_back({one.text, truth.texts[one.text], one.truth, one.answer, one.score,
                           predictions[one.text].tokens, truth.pairs.empty() ? "" : truth.pairs[one.text]});
  }
}

}  // namespace tastevin
