#include "work/metrics/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "support/files.h"

namespace tastevin::metrics {
namespace {

constexpr double kTolerance = 1e-9;  // sums in another order than NumPy's

const Json& golden() {
  static const Json json = read_json_object(source_file("tests/golden/metrics.json"));
  return json;
}

/// One made-up set of answers, and what scikit-learn says of it.
class Metrics : public ::testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override {
    scores_ = {expected_.at("texts"), expected_.at("labels"), expected_.at("scores")};
    answered_ = {expected_.at("truth"), {}, scores_.labels};
    for (std::size_t i = 0; i < scores_.texts; ++i)
      answered_.answers.push_back(
          static_cast<std::size_t>(std::ranges::max_element(scores_.of(i)) - scores_.of(i).begin()));
    figures_ = figures_by_label(answered_);
  }

  void expect(const char* name, double found) const {
    EXPECT_NEAR(found, expected_.at(name).get<double>(), kTolerance) << name;
  }

  void expect(const char* name, const Average& found) const {
    const std::vector<double> expected = expected_.at(name);
    EXPECT_NEAR(found.precision, expected[0], kTolerance) << name;
    EXPECT_NEAR(found.recall, expected[1], kTolerance) << name;
    EXPECT_NEAR(found.f1, expected[2], kTolerance) << name;
  }

  const Json& expected_ = golden().at("cases").at(GetParam());
  Scores scores_;
  Answered answered_;
  std::vector<LabelFigures> figures_;
};

TEST_P(Metrics, OfAnswersAreThoseOfScikitLearn) {
  expect("accuracy", accuracy(answered_));
  expect("balanced_accuracy", balanced_accuracy(answered_));
  expect("matthews", matthews(answered_));
  expect("macro", macro_average(figures_));
  expect("micro", micro_average(figures_));
  expect("weighted", weighted_average(figures_));
  EXPECT_EQ(confusion(answered_), expected_.at("confusion").get<std::vector<std::vector<std::size_t>>>());
}

TEST_P(Metrics, OfScoresAreThoseOfScikitLearn) {
  expect("log_loss", log_loss(scores_, answered_.truth));
  expect("brier", brier(scores_, answered_.truth));
  for (std::size_t k = 0; k < scores_.labels; ++k) {
    std::vector<double> column;
    std::vector<bool> positive;
    for (std::size_t i = 0; i < scores_.texts; ++i) {
      column.push_back(scores_.of(i)[k]);
      positive.push_back(answered_.truth[i] == k);
    }
    const std::string label = std::to_string(k);
    if (!expected_.at("roc_auc").contains(label)) {
      EXPECT_FALSE(roc_auc(column, positive));
      continue;
    }
    EXPECT_NEAR(*roc_auc(column, positive), expected_.at("roc_auc").at(label).get<double>(), kTolerance);
    EXPECT_NEAR(*average_precision(column, positive), expected_.at("average_precision").at(label).get<double>(),
                kTolerance);
  }
}

INSTANTIATE_TEST_SUITE_P(Golden, Metrics, ::testing::Range<std::size_t>(0, 5));

TEST(Regression, IsThatOfSciPy) {
  const Json& expected = golden().at("regression");
  const std::vector<double> truth = expected.at("truth");
  const std::vector<double> answers = expected.at("answers");

  EXPECT_NEAR(pearson(truth, answers), expected.at("pearson").get<double>(), kTolerance);
  EXPECT_NEAR(spearman(truth, answers), expected.at("spearman").get<double>(), kTolerance);
  EXPECT_NEAR(mean_squared_error(truth, answers), expected.at("mean_squared_error").get<double>(), kTolerance);
}

TEST(McNemar, IsTheExactTest) {
  for (const Json& row : golden().at("mcnemar"))
    EXPECT_NEAR(mcnemar(row.at(0), row.at(1)), row.at(2).get<double>(), kTolerance) << row.dump();
  EXPECT_EQ(mcnemar(0, 0), 1);
}

TEST(ConfidenceBins, HoldEachTextOnce) {
  const Scores scores{4, 2, {0.9, 0.1, 0.2, 0.8, 1.0, 0.0, 0.45, 0.55}};
  const std::vector<std::size_t> truth{0, 0, 0, 1};

  const auto bins = confidence_bins(scores, truth, 2);

  EXPECT_EQ(bins[0].texts, 0U);
  EXPECT_EQ(bins[1].texts, 4U);
  EXPECT_NEAR(bins[1].confidence, (0.9 + 0.8 + 1.0 + 0.55) / 4, kTolerance);
  EXPECT_NEAR(bins[1].accuracy, 0.75, kTolerance);
  EXPECT_NEAR(calibration_error(bins), std::abs(bins[1].confidence - 0.75), kTolerance);
}

TEST(ThresholdCurve, HasAPointForEachScore) {
  const std::vector<double> scores{0.9, 0.5, 0.5, 0.1};
  const auto points = threshold_curve(scores, {true, false, true, false});

  ASSERT_EQ(points.size(), 3U);
  EXPECT_EQ(points[0].threshold, 0.9);
  EXPECT_NEAR(points[0].recall, 0.5, kTolerance);
  EXPECT_NEAR(points[1].precision, 2.0 / 3, kTolerance);
  EXPECT_NEAR(points[1].recall, 1, kTolerance);
  EXPECT_NEAR(points[2].precision, 0.5, kTolerance);
}

TEST(Metrics, OfSetsOfLabelsAreThoseOfScikitLearn) {
  for (const Json& expected : golden().at("multi_label")) {
    AnsweredSets sets{expected.at("truth"), {}, expected.at("labels")};
    const Scores scores{expected.at("texts"), sets.labels, expected.at("scores")};
    for (std::size_t i = 0; i < scores.texts; ++i) {
      sets.answers.emplace_back();
      for (const double score : scores.of(i)) sets.answers.back().push_back(score >= 0.5);
    }
    const auto figures = figures_by_label(sets);

    EXPECT_NEAR(accuracy(sets), expected.at("accuracy").get<double>(), kTolerance);
    EXPECT_NEAR(hamming_loss(sets), expected.at("hamming_loss").get<double>(), kTolerance);
    const auto expect_average = [&](const char* name, const Average& found) {
      const std::vector<double> three = expected.at(name);
      EXPECT_NEAR(found.precision, three[0], kTolerance) << name;
      EXPECT_NEAR(found.recall, three[1], kTolerance) << name;
      EXPECT_NEAR(found.f1, three[2], kTolerance) << name;
    };
    expect_average("macro", macro_average(figures, Over::all));
    expect_average("micro", micro_average(figures));
    expect_average("weighted", weighted_average(figures));
  }
}

}  // namespace
}  // namespace tastevin::metrics
