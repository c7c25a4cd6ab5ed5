#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/error.h"
#include "base/utf8.h"
#include "tastevin/calibrate.h"
#include "work/calibrate/judge.h"
#include "work/calibrate/threshold.h"
#include "work/evaluate/labelled_texts.h"
#include "work/metrics/metrics.h"

namespace tastevin {
namespace calibrating {
namespace {

enum class Aim : std::uint8_t { f_measure, precision, recall };

struct Target {
  Aim aim = Aim::f_measure;
  double value = 1;  // beta, or what is to be reached
};

[[noreturn]] void unreadable(const std::string& target) {
  throw Error(ErrorCode::invalid_argument,
              "target: expected f1, f2, f0.5, precision=P or recall=R (0 to 1), found " + in_quotes(target));
}

double number_after(const std::string& target, std::string_view head) {
  double value = 0;
  const char* end = target.data() + target.size();
  const auto [read, error] = std::from_chars(target.data() + head.size(), end, value);
  if (error != std::errc() || read != end || !(value >= 0 && value <= 1)) unreadable(target);
  return value;
}

Target target_of(const std::string& target) {
  if (target == "f1") return {Aim::f_measure, 1};
  if (target == "f2") return {Aim::f_measure, 2};
  if (target == "f0.5") return {Aim::f_measure, 0.5};
  if (target.starts_with("precision=")) return {Aim::precision, number_after(target, "precision=")};
  if (target.starts_with("recall=")) return {Aim::recall, number_after(target, "recall=")};
  unreadable(target);
}

double f_measure(const ThresholdPoint& point, double beta) {
  const double below = beta * beta * point.precision + point.recall;
  return below == 0 ? 0 : (1 + beta * beta) * point.precision * point.recall / below;
}

/// A threshold at each score, from the highest down; the recall is that of all texts, not of the right answers alone.
std::vector<ThresholdPoint> thresholds(const std::vector<Judged>& judged) {
  std::vector<double> scores;
  std::vector<bool> right;
  scores.reserve(judged.size());
  right.reserve(judged.size());
  for (const Judged& one : judged) {
    scores.push_back(static_cast<double>(one.score));
    right.push_back(one.right);
  }
  std::vector<ThresholdPoint> points = metrics::threshold_curve(scores, right);
  const auto all_right = static_cast<double>(std::ranges::count(right, true));
  const auto all = static_cast<double>(judged.size());
  for (ThresholdPoint& point : points) point.recall = std::round(point.recall * all_right) / all;
  return points;
}

bool is_better(const ThresholdPoint& point, const std::optional<ThresholdPoint>& best, const Target& target) {
  switch (target.aim) {
    case Aim::precision:  // the lowest score: the last that reaches it
      return point.precision >= target.value;
    case Aim::recall:  // the highest: the first
      return !best && point.recall >= target.value;
    case Aim::f_measure:
      break;
  }
  return f_measure(point, target.value) > (best ? f_measure(*best, target.value) : 0);
}

std::optional<ThresholdPoint> best_of(const std::vector<ThresholdPoint>& points, const Target& target) {
  std::optional<ThresholdPoint> best;
  for (const ThresholdPoint& point : points) {
    if (is_better(point, best, target)) best = point;
  }
  return best;
}

}  // namespace

std::optional<ThresholdPoint> best_point(const std::vector<double>& scores, const std::vector<bool>& holds,
                                         const std::string& target) {
  return best_of(metrics::threshold_curve(scores, holds), target_of(target));
}

ThresholdPoint point_at(double threshold, const std::vector<double>& scores, const std::vector<bool>& holds) {
  metrics::LabelFigures figures;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const bool answered = scores[i] >= threshold;
    figures.support += static_cast<std::size_t>(holds[i]);
    figures.answered += static_cast<std::size_t>(answered);
    figures.right += static_cast<std::size_t>(answered && holds[i]);
  }
  return {threshold, figures.precision(), figures.recall()};
}

std::optional<ThresholdReport> best_threshold(const std::vector<Judged>& judged, const std::string& target) {
  const std::optional<ThresholdPoint> best = best_of(thresholds(judged), target_of(target));
  if (!best) return std::nullopt;
  const auto threshold = static_cast<float>(best->threshold);
  const auto accepted = std::ranges::count_if(judged, [&](const Judged& one) { return one.score >= threshold; });
  return ThresholdReport{.reject_below = threshold,
                         .texts = judged.size(),
                         .accepted = static_cast<std::size_t>(accepted),
                         .precision = best->precision,
                         .recall = best->recall};
}

}  // namespace calibrating

namespace {

[[noreturn]] void none_reaches(const std::string& target) {
  throw Error(ErrorCode::rejected, "threshold: no score reaches " + target +
                                       (target.starts_with('f') ? " over 0" : "") + "; nothing was written");
}

std::vector<LabelThreshold> threshold_by_label(const std::vector<std::string>& labels,
                                               const std::vector<Prediction>& answers, const LabelledTexts& truth,
                                               const std::string& target) {
  std::vector<LabelThreshold> found;
  found.reserve(labels.size());
  for (std::size_t k = 0; k < labels.size(); ++k) {
    std::vector<double> scores;
    std::vector<bool> holds;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const auto scored = std::ranges::find(answers[i].scores, k, &ScoredLabel::id);
      scores.push_back(static_cast<double>(scored->score));
      holds.push_back(std::ranges::find(truth.label_sets[i], k) != truth.label_sets[i].end());
    }
    LabelThreshold& label = found.emplace_back(LabelThreshold{.label = labels[k]});
    label.texts = static_cast<std::size_t>(std::ranges::count(holds, true));
    const auto best =
        label.texts > 0 ? calibrating::best_point(scores, holds, target) : std::optional<ThresholdPoint>();
    label.reached = best.has_value();
    const ThresholdPoint point =
        best ? *best : calibrating::point_at(static_cast<double>(label.threshold), scores, holds);
    label.threshold = static_cast<float>(point.threshold);
    label.precision = point.precision;
    label.recall = point.recall;
  }
  return found;
}

}  // namespace

ThresholdReport find_threshold(const Classifier& classifier, const LabelledTexts& truth,
                               const ThresholdOptions& options) {
  const std::vector<std::string>& labels = classifier.info().labels;
  const bool sets = classifier.info().task == Task::multi_label;
  const std::string other = options.other.empty() ? "OTHER" : options.other;
  if (sets && !options.other.empty())
    throw Error(ErrorCode::invalid_argument, "other: expected a model that gives one label, found one of several");
  if (!sets && std::ranges::find(labels, other) != labels.end())
    throw Error(ErrorCode::invalid_argument,
                "other: expected a name that no label of the model has, found " + in_quotes(other));
  if (!utf8::is_valid(other)) throw Error(ErrorCode::invalid_argument, "other: expected UTF-8");
  static_cast<void>(calibrating::target_of(options.target));  // before hours of answers
  const auto answers = calibrating::answers_to_judge(classifier, truth, options.reading, "threshold");
  if (sets) {
    ThresholdReport report{.texts = answers.size(),
                           .labels = threshold_by_label(labels, answers, truth, options.target),
                           .truncated = count_truncated(answers)};
    if (std::ranges::none_of(report.labels, &LabelThreshold::reached)) none_reaches(options.target);
    return report;
  }
  std::vector<calibrating::Judged> judged;
  judged.reserve(answers.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const ScoredLabel& best = answers[i].scores.front();
    judged.push_back({best.score, best.label == labels[truth.labels[i]]});
  }
  auto found = calibrating::best_threshold(judged, options.target);
  if (!found) none_reaches(options.target);
  found->other = other;
  found->truncated = count_truncated(answers);
  return *found;
}

}  // namespace tastevin
