#pragma once

// Figures of a classifier's answers against the truth, as scikit-learn defines them (its names where it has one). Plain
// numbers in, plain numbers out.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tastevin/evaluate.h"

namespace tastevin::metrics {

/// Rows of scores, one a text, a column for each label.
struct Scores {
  std::size_t texts = 0;
  std::size_t labels = 0;
  std::vector<double> values;  // texts x labels

  std::span<const double> of(std::size_t text) const { return std::span(values).subspan(text * labels, labels); }
};

/// One label for each text: what it is, and what was answered.
struct Answered {
  std::vector<std::size_t> truth;
  std::vector<std::size_t> answers;
  std::size_t labels = 0;
};

/// Labels that hold together, of each text: a row of the labels, true where one holds.
struct AnsweredSets {
  std::vector<std::vector<bool>> truth;
  std::vector<std::vector<bool>> answers;
  std::size_t labels = 0;
};

struct LabelFigures {
  std::size_t support = 0;  // texts that it is the truth of
  std::size_t answered = 0;
  std::size_t right = 0;

  double precision() const;  // 0 where nothing was answered
  double recall() const;
  double f1() const;
};

struct Average {
  double precision = 0;
  double recall = 0;
  double f1 = 0;
};

/// [truth][answer]
std::vector<std::vector<std::size_t>> confusion(const Answered& answered);

std::vector<LabelFigures> figures_by_label(const Answered& answered);
std::vector<LabelFigures> figures_by_label(const AnsweredSets& answered);

double accuracy(const Answered& answered);
/// The share of texts whose set is right as a whole.
double accuracy(const AnsweredSets& answered);
/// The share of single labels that are wrong.
double hamming_loss(const AnsweredSets& answered);
/// The mean recall of the labels that are some text's truth.
double balanced_accuracy(const Answered& answered);
/// Matthews' correlation coefficient of many labels (Gorodkin 2004); 0 where it is not defined.
double matthews(const Answered& answered);

/// Which labels an average is of: those that occur in truth or answers, or all, as for sets of them.
enum class Over : std::uint8_t { occurring, all };
/// Averages in which each label counts the same, or by its support.
Average macro_average(const std::vector<LabelFigures>& labels, Over over = Over::occurring);
Average weighted_average(const std::vector<LabelFigures>& labels);
/// Of all labels' counts together.
Average micro_average(const std::vector<LabelFigures>& labels);

/// The mean of -log(score of the truth), scores kept from 0 and 1 by 2^-52.
double log_loss(const Scores& scores, std::span<const std::size_t> truth);
/// The mean squared distance from the truth's row of 0 and 1; halved for two labels.
double brier(const Scores& scores, std::span<const std::size_t> truth);

/// A bin of answers of like confidence, for a diagram of reliability.
struct ConfidenceBin {
  std::size_t texts = 0;
  double confidence = 0;  // mean score of the answers
  double accuracy = 0;
};
/// The highest score of each text in `count` bins of equal width.
std::vector<ConfidenceBin> confidence_bins(const Scores& scores, std::span<const std::size_t> truth,
                                           std::size_t count = 15);
/// Expected calibration error (Guo et al. 2017): the mean distance of confidence from accuracy over the bins.
double calibration_error(std::span<const ConfidenceBin> bins);

/// Area under the ROC curve by ranks, ties halved; none where one of both kinds does not occur.
std::optional<double> roc_auc(std::span<const double> scores, const std::vector<bool>& positive);
/// Sum of precision times the step of recall; 0 without a positive, none without a score.
std::optional<double> average_precision(std::span<const double> scores, const std::vector<bool>& positive);

/// A point for each distinct score, from the highest down.
std::vector<ThresholdPoint> threshold_curve(std::span<const double> scores, const std::vector<bool>& positive);

/// NaN where one side is constant.
double pearson(std::span<const double> left, std::span<const double> right);
/// Pearson's of the ranks, ties sharing the mean of theirs.
double spearman(std::span<const double> left, std::span<const double> right);
double mean_squared_error(std::span<const double> left, std::span<const double> right);

/// McNemar's exact test: the probability that two equally good classifiers differ as much as being right alone `one`
/// and `other` times.
double mcnemar(std::size_t one, std::size_t other);

}  // namespace tastevin::metrics
