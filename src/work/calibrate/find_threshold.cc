#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "tastevin/calibrate.h"
#include "work/calibrate/judge.h"
#include "work/calibrate/threshold.h"

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

double f_measure(const ThresholdReport& report, double beta) {
  const double below = beta * beta * report.precision + report.recall;
  return below == 0 ? 0 : (1 + beta * beta) * report.precision * report.recall / below;
}

/// A threshold at each score, from the highest down.
std::vector<ThresholdReport> thresholds(std::vector<Judged> judged) {
  std::ranges::sort(judged, std::ranges::greater{}, &Judged::score);
  std::vector<ThresholdReport> reports;
  const auto all = static_cast<double>(judged.size());
  std::size_t right = 0;
  for (std::size_t i = 0; i < judged.size(); ++i) {
    right += static_cast<std::size_t>(judged[i].right);
    if (i + 1 < judged.size() && judged[i + 1].score == judged[i].score) continue;
    const auto accepted = static_cast<double>(i + 1);
    reports.push_back({judged[i].score, judged.size(), i + 1, static_cast<double>(right) / accepted,
                       static_cast<double>(right) / all});
  }
  return reports;
}

}  // namespace

std::optional<ThresholdReport> best_threshold(std::vector<Judged> judged, const std::string& target) {
  const Target wanted = target_of(target);
  std::optional<ThresholdReport> best;
  for (const ThresholdReport& report : thresholds(std::move(judged))) {
    switch (wanted.aim) {
      case Aim::f_measure:
        if (!best || f_measure(report, wanted.value) > f_measure(*best, wanted.value)) best = report;
        break;
      case Aim::precision:  // the lowest: the last that reaches it
        if (report.precision >= wanted.value) best = report;
        break;
      case Aim::recall:  // the highest: the first
        if (!best && report.recall >= wanted.value) best = report;
        break;
    }
  }
  return best;
}

}  // namespace calibrating

ThresholdReport find_threshold(const Classifier& classifier, const LabelledTexts& truth,
                               const ThresholdOptions& options) {
  const std::vector<std::string>& labels = classifier.info().labels;
  const auto answers = calibrating::answers_to_judge(classifier, truth, "threshold");
  std::vector<calibrating::Judged> judged;
  judged.reserve(answers.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const ScoredLabel& best = answers[i].scores.front();
    judged.push_back({best.score, best.label == labels[truth.labels[i]]});
  }
  const auto found = calibrating::best_threshold(std::move(judged), options.target);
  if (!found)
    throw Error(ErrorCode::rejected, "threshold: no score reaches " + options.target + "; nothing was written");
  return *found;
}

}  // namespace tastevin
