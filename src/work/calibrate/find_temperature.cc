#include <algorithm>
#include <cmath>

#include "tastevin/calibrate.h"
#include "work/calibrate/judge.h"
#include "work/calibrate/temperature.h"
#include "work/evaluate/labelled_texts.h"
#include "work/metrics/metrics.h"

namespace tastevin {
namespace calibrating {

namespace {

constexpr double kLowest = 0.05;
constexpr double kHighest = 20;

/// log(sum of exp(logit / temperature)), without overflow.
double log_sum(const std::vector<float>& row, double temperature) {
  const auto largest = static_cast<double>(*std::ranges::max_element(row));
  double sum = 0;
  for (const float logit : row) sum += std::exp((static_cast<double>(logit) - largest) / temperature);
  return std::log(sum) + largest / temperature;
}

metrics::Scores scores_at(const std::vector<std::vector<float>>& logits, double temperature) {
  metrics::Scores scores{logits.size(), logits.front().size(), {}};
  scores.values.reserve(scores.texts * scores.labels);
  for (const std::vector<float>& row : logits) {
    const double sum = log_sum(row, temperature);
    for (const float logit : row) scores.values.push_back(std::exp(static_cast<double>(logit) / temperature - sum));
  }
  return scores;
}

double calibration_error(const std::vector<std::vector<float>>& logits, const std::vector<std::size_t>& truth,
                         double temperature) {
  return metrics::calibration_error(metrics::confidence_bins(scores_at(logits, temperature), truth));
}

}  // namespace

// Not metrics::log_loss: it keeps scores from 0, and where it does so the search would find no slope.
double log_loss(const std::vector<std::vector<float>>& logits, const std::vector<std::size_t>& truth,
                double temperature) {
  double loss = 0;
  for (std::size_t i = 0; i < logits.size(); ++i)
    loss += log_sum(logits[i], temperature) - static_cast<double>(logits[i][truth[i]]) / temperature;
  return loss / static_cast<double>(logits.size());
}

double best_temperature(const std::vector<std::vector<float>>& logits, const std::vector<std::size_t>& truth) {
  constexpr double kGolden = 0.6180339887498949;
  constexpr int kSteps = 60;  // to 1e-12 of the interval
  double low = std::log(kLowest);
  double high = std::log(kHighest);
  const auto loss = [&](double log_temperature) { return log_loss(logits, truth, std::exp(log_temperature)); };
  double left = high - kGolden * (high - low);
  double right = low + kGolden * (high - low);
  double loss_left = loss(left);
  double loss_right = loss(right);
  for (int step = 0; step < kSteps; ++step) {
    if (loss_left <= loss_right) {  // both 0 where all is right, and the less the temperature the more so
      high = right;
      right = left;
      loss_right = loss_left;
      left = high - kGolden * (high - low);
      loss_left = loss(left);
    } else {
      low = left;
      left = right;
      loss_left = loss_right;
      right = low + kGolden * (high - low);
      loss_right = loss(right);
    }
  }
  return std::exp((low + high) / 2);
}

bool is_at_limit(double temperature) {
  constexpr double kNear = 1.001;
  return temperature < kLowest * kNear || temperature > kHighest / kNear;
}

}  // namespace calibrating

namespace {

/// Rows of logits, and which of a row's labels is the truth.
struct Rows {
  std::vector<std::vector<float>> logits;
  std::vector<std::size_t> truth;
};

Rows rows_of(std::vector<Prediction> answers, const LabelledTexts& truth) {
  Rows rows{{}, truth.labels};
  rows.logits.reserve(answers.size());
  for (Prediction& answer : answers) rows.logits.push_back(std::move(answer.logits));
  return rows;
}

/// A label that holds or not, beside others, is a choice between two whose logits are 0 and its own.
Rows rows_of_sets(const std::vector<Prediction>& answers, const LabelledTexts& truth) {
  Rows rows;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const std::size_t first = rows.truth.size();
    for (const float logit : answers[i].logits) rows.logits.push_back({0, logit});
    rows.truth.resize(rows.logits.size(), 0);
    for (const std::size_t id : truth.label_sets[i]) rows.truth.at(first + id) = 1;
  }
  return rows;
}

}  // namespace

TemperatureReport find_temperature(const Classifier& classifier, const LabelledTexts& truth,
                                   const TemperatureOptions& options) {
  auto answers = calibrating::answers_to_judge(classifier, truth, options.reading, "calibrate");
  const bool sets = classifier.info().task == Task::multi_label;
  TemperatureReport report;
  report.truncated = count_truncated(answers);
  const auto [logits, labels] = sets ? rows_of_sets(answers, truth) : rows_of(std::move(answers), truth);
  report.temperature = calibrating::best_temperature(logits, labels);
  report.at_limit = calibrating::is_at_limit(report.temperature);
  report.texts = truth.texts.size();
  report.log_loss_before = calibrating::log_loss(logits, labels, 1);
  report.log_loss_after = calibrating::log_loss(logits, labels, report.temperature);
  report.calibration_error_before = calibrating::calibration_error(logits, labels, 1);
  report.calibration_error_after = calibrating::calibration_error(logits, labels, report.temperature);
  return report;
}

}  // namespace tastevin
