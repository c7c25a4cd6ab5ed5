#include "work/metrics/metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/ranking.h"

namespace tastevin::metrics {
namespace {

double ratio(double part, double whole) { return whole == 0 ? 0 : part / whole; }

double harmonic_mean(double left, double right) { return ratio(2 * left * right, left + right); }

bool occurs(const LabelFigures& label) { return label.support + label.answered > 0; }

std::size_t top(std::span<const double> row) {
  return static_cast<std::size_t>(std::ranges::max_element(row) - row.begin());
}

/// Ranks from 1; equal values share the mean of theirs.
std::vector<double> ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::less{}, [values](std::size_t i) { return values[i]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (std::size_t i = begin; i < end; ++i) ranks[order[i]] = static_cast<double>(begin + end + 1) / 2;
    begin = end;
  }
  return ranks;
}

/// Calls `step(threshold, true positives, all)` after each group of equal scores, from the highest down.
template <class Step>
void walk_thresholds(std::span<const double> scores, const std::vector<bool>& positive, Step&& step) {
  const std::vector<std::size_t> order = highest_first(scores);
  std::size_t found = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    found += static_cast<std::size_t>(positive[order[i]]);
    const bool last_of_equals = i + 1 == order.size() || scores[order[i + 1]] != scores[order[i]];
    if (last_of_equals) step(scores[order[i]], static_cast<double>(found), static_cast<double>(i + 1));
  }
}

}  // namespace

double LabelFigures::precision() const { return ratio(static_cast<double>(right), static_cast<double>(answered)); }
double LabelFigures::recall() const { return ratio(static_cast<double>(right), static_cast<double>(support)); }
double LabelFigures::f1() const { return harmonic_mean(precision(), recall()); }

std::vector<std::vector<std::size_t>> confusion(const Answered& answered) {
  std::vector<std::vector<std::size_t>> matrix(answered.labels, std::vector<std::size_t>(answered.labels, 0));
  for (std::size_t i = 0; i < answered.truth.size(); ++i) ++matrix[answered.truth[i]][answered.answers[i]];
  return matrix;
}

std::vector<LabelFigures> figures_by_label(const Answered& answered) {
  std::vector<LabelFigures> figures(answered.labels);
  for (std::size_t i = 0; i < answered.truth.size(); ++i) {
    ++figures[answered.truth[i]].support;
    ++figures[answered.answers[i]].answered;
    if (answered.truth[i] == answered.answers[i]) ++figures[answered.truth[i]].right;
  }
  return figures;
}

std::vector<LabelFigures> figures_by_label(const AnsweredSets& answered) {
  std::vector<LabelFigures> figures(answered.labels);
  for (std::size_t i = 0; i < answered.truth.size(); ++i) {
    for (std::size_t k = 0; k < answered.labels; ++k) {
      figures[k].support += static_cast<std::size_t>(answered.truth[i][k]);
      figures[k].answered += static_cast<std::size_t>(answered.answers[i][k]);
      figures[k].right += static_cast<std::size_t>(answered.truth[i][k] && answered.answers[i][k]);
    }
  }
  return figures;
}

double accuracy(const AnsweredSets& answered) {
  double right = 0;
  for (std::size_t i = 0; i < answered.truth.size(); ++i) right += answered.truth[i] == answered.answers[i] ? 1 : 0;
  return ratio(right, static_cast<double>(answered.truth.size()));
}

double hamming_loss(const AnsweredSets& answered) {
  double wrong = 0;
  for (std::size_t i = 0; i < answered.truth.size(); ++i) {
    for (std::size_t k = 0; k < answered.labels; ++k) wrong += answered.truth[i][k] == answered.answers[i][k] ? 0 : 1;
  }
  return ratio(wrong, static_cast<double>(answered.truth.size() * answered.labels));
}

double accuracy(const Answered& answered) {
  std::size_t right = 0;
  for (std::size_t i = 0; i < answered.truth.size(); ++i)
    right += static_cast<std::size_t>(answered.truth[i] == answered.answers[i]);
  return ratio(static_cast<double>(right), static_cast<double>(answered.truth.size()));
}

double balanced_accuracy(const Answered& answered) {
  double sum = 0;
  double labels = 0;
  for (const LabelFigures& label : figures_by_label(answered)) {
    if (label.support == 0) continue;
    sum += label.recall();
    labels += 1;
  }
  return ratio(sum, labels);
}

double matthews(const Answered& answered) {
  double right = 0;
  double both = 0;
  double truths = 0;
  double answers = 0;
  for (const LabelFigures& label : figures_by_label(answered)) {
    const auto support = static_cast<double>(label.support);
    const auto given = static_cast<double>(label.answered);
    right += static_cast<double>(label.right);
    both += support * given;
    truths += support * support;
    answers += given * given;
  }
  const auto texts = static_cast<double>(answered.truth.size());
  return ratio(right * texts - both, std::sqrt((texts * texts - answers) * (texts * texts - truths)));
}

Average macro_average(const std::vector<LabelFigures>& labels, Over over) {
  Average sum;
  double count = 0;
  for (const LabelFigures& label : labels) {
    if (over == Over::occurring && !occurs(label)) continue;
    sum = {sum.precision + label.precision(), sum.recall + label.recall(), sum.f1 + label.f1()};
    count += 1;
  }
  return {ratio(sum.precision, count), ratio(sum.recall, count), ratio(sum.f1, count)};
}

Average weighted_average(const std::vector<LabelFigures>& labels) {
  Average sum;
  double texts = 0;
  for (const LabelFigures& label : labels) {
    const auto weight = static_cast<double>(label.support);
    sum = {sum.precision + weight * label.precision(), sum.recall + weight * label.recall(),
           sum.f1 + weight * label.f1()};
    texts += weight;
  }
  return {ratio(sum.precision, texts), ratio(sum.recall, texts), ratio(sum.f1, texts)};
}

Average micro_average(const std::vector<LabelFigures>& labels) {
  LabelFigures all;
  for (const LabelFigures& label : labels) {
    all.support += label.support;
    all.answered += label.answered;
    all.right += label.right;
  }
  return {all.precision(), all.recall(), all.f1()};
}

double log_loss(const Scores& scores, std::span<const std::size_t> truth) {
  constexpr double kClosest = std::numeric_limits<double>::epsilon();
  double sum = 0;
  for (std::size_t i = 0; i < truth.size(); ++i)
    sum -= std::log(std::clamp(scores.of(i)[truth[i]], kClosest, 1 - kClosest));
  return ratio(sum, static_cast<double>(truth.size()));
}

double brier(const Scores& scores, std::span<const std::size_t> truth) {
  double sum = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    for (std::size_t k = 0; k < scores.labels; ++k) {
      const double distance = scores.of(i)[k] - (k == truth[i] ? 1 : 0);
      sum += distance * distance;
    }
  }
  return ratio(sum, static_cast<double>(truth.size())) / (scores.labels == 2 ? 2 : 1);
}

std::vector<ConfidenceBin> confidence_bins(const Scores& scores, std::span<const std::size_t> truth,
                                           std::size_t count) {
  std::vector<ConfidenceBin> bins(count);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const std::size_t answer = top(scores.of(i));
    const double score = scores.of(i)[answer];
    ConfidenceBin& bin = bins[std::min(count - 1, static_cast<std::size_t>(score * static_cast<double>(count)))];
    ++bin.texts;
    bin.confidence += score;
    bin.accuracy += answer == truth[i] ? 1 : 0;
  }
  for (ConfidenceBin& bin : bins) {
    bin.confidence = ratio(bin.confidence, static_cast<double>(bin.texts));
    bin.accuracy = ratio(bin.accuracy, static_cast<double>(bin.texts));
  }
  return bins;
}

double calibration_error(std::span<const ConfidenceBin> bins) {
  double sum = 0;
  double texts = 0;
  for (const ConfidenceBin& bin : bins) {
    sum += static_cast<double>(bin.texts) * std::abs(bin.confidence - bin.accuracy);
    texts += static_cast<double>(bin.texts);
  }
  return ratio(sum, texts);
}

std::optional<double> roc_auc(std::span<const double> scores, const std::vector<bool>& positive) {
  const std::vector<double> rank = ranks(scores);
  double sum = 0;
  double positives = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (!positive[i]) continue;
    sum += rank[i];
    positives += 1;
  }
  const double negatives = static_cast<double>(scores.size()) - positives;
  if (positives == 0 || negatives == 0) return std::nullopt;
  return (sum - positives * (positives + 1) / 2) / (positives * negatives);
}

std::optional<double> average_precision(std::span<const double> scores, const std::vector<bool>& positive) {
  if (positive.empty()) return std::nullopt;
  const auto positives = static_cast<double>(std::ranges::count(positive, true));
  if (positives == 0) return 0;
  double sum = 0;
  double recall = 0;
  walk_thresholds(scores, positive, [&](double, double found, double all) {
    sum += (found / positives - recall) * (found / all);
    recall = found / positives;
  });
  return sum;
}

std::vector<ThresholdPoint> threshold_curve(std::span<const double> scores, const std::vector<bool>& positive) {
  const auto positives = static_cast<double>(std::ranges::count(positive, true));
  std::vector<ThresholdPoint> points;
  walk_thresholds(scores, positive, [&](double threshold, double found, double all) {
    points.push_back({threshold, found / all, ratio(found, positives)});
  });
  return points;
}

double pearson(std::span<const double> left, std::span<const double> right) {
  const auto count = static_cast<double>(left.size());
  const double left_mean = std::accumulate(left.begin(), left.end(), 0.0) / count;
  const double right_mean = std::accumulate(right.begin(), right.end(), 0.0) / count;
  double both = 0;
  double left_square = 0;
  double right_square = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    both += (left[i] - left_mean) * (right[i] - right_mean);
    left_square += (left[i] - left_mean) * (left[i] - left_mean);
    right_square += (right[i] - right_mean) * (right[i] - right_mean);
  }
  const double spread = std::sqrt(left_square * right_square);
  return spread == 0 ? std::numeric_limits<double>::quiet_NaN() : both / spread;
}

double spearman(std::span<const double> left, std::span<const double> right) {
  return pearson(ranks(left), ranks(right));
}

double mean_squared_error(std::span<const double> left, std::span<const double> right) {
  double sum = 0;
  for (std::size_t i = 0; i < left.size(); ++i) sum += (left[i] - right[i]) * (left[i] - right[i]);
  return ratio(sum, static_cast<double>(left.size()));
}

double mcnemar(std::size_t one, std::size_t other) {
  const std::size_t total = one + other;
  if (total == 0) return 1;
  // The binomial tail at one half, summed by logarithms so that thousands of texts do not underflow.
  const auto n = static_cast<double>(total);
  double log_ways = 0;  // of choosing k of n
  double tail = 0;
  for (std::size_t k = 0; k <= std::min(one, other); ++k) {
    const auto chosen = static_cast<double>(k);
    if (k > 0) log_ways += std::log(n - chosen + 1) - std::log(chosen);
    tail += std::exp(log_ways - n * std::log(2.0));
  }
  return std::min(1.0, 2 * tail);
}

}  // namespace tastevin::metrics
