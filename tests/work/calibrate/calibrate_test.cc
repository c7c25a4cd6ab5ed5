#include "tastevin/calibrate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>

#include "support/bundled.h"
#include "support/fails_with.h"
#include "support/files.h"
#include "support/temporary_folder.h"
#include "work/calibrate/temperature.h"
#include "work/calibrate/threshold.h"

namespace tastevin {
namespace {

using calibrating::best_temperature;
using calibrating::best_threshold;
using calibrating::Judged;

/// Logits whose labels are drawn by the scores that they give at `temperature`.
struct Drawn {
  std::vector<std::vector<float>> logits;
  std::vector<std::size_t> truth;
};

Drawn drawn_at(double temperature) {
  std::mt19937_64 dice(7);
  std::normal_distribution<float> logit(0, 3);
  std::uniform_real_distribution<double> chance(0, 1);
  Drawn drawn;
  for (int i = 0; i < 20000; ++i) {
    const float first = logit(dice);
    const float second = logit(dice);
    drawn.logits.push_back({first, second});
    const double share = 1 / (1 + std::exp(static_cast<double>(first - second) / temperature));
    drawn.truth.push_back(static_cast<std::size_t>(chance(dice) < share));
  }
  return drawn;
}

TEST(BestTemperature, IsThatByWhichTheLabelsWereDrawn) {
  constexpr double kNoise = 0.05;  // 20,000 draws
  for (const double temperature : {0.5, 1.0, 2.5}) {
    const Drawn drawn = drawn_at(temperature);
    EXPECT_NEAR(best_temperature(drawn.logits, drawn.truth) / temperature, 1, kNoise);
  }
}

TEST(BestTemperature, StaysInItsBoundsWhereNothingIsWrong) {
  const std::vector<std::vector<float>> logits{{1, 0}, {0, 1}};

  EXPECT_NEAR(best_temperature(logits, {0, 1}), 0.05, 1e-6);
  EXPECT_NEAR(best_temperature(logits, {1, 0}), 20, 1e-4);
}

// Where all was right by far, the loss was 0 over half of the range, and the search ended in the middle of it.
TEST(BestTemperature, IsTheLowestWhereAllIsRightByFar) {
  const double found = best_temperature({{9, -9}, {-9, 9}}, {0, 1});

  EXPECT_TRUE(calibrating::is_at_limit(found)) << found;
}

const std::vector<Judged> kJudged{{0.9F, true}, {0.8F, true}, {0.7F, false}, {0.6F, true}, {0.6F, false}};

TEST(BestThreshold, ReachesAPrecisionWithAsManyTextsAsItCan) {
  const auto found = best_threshold(kJudged, "precision=0.75");

  ASSERT_TRUE(found);
  EXPECT_EQ(found->reject_below, 0.8F);  // 3 of 5 at 0.6, 2 of 3 at 0.7
  EXPECT_EQ(found->accepted, 2U);
}

TEST(BestThreshold, KeepsARecallWithTheHighestScore) {
  EXPECT_EQ(best_threshold(kJudged, "recall=0.4")->reject_below, 0.8F);
  EXPECT_EQ(best_threshold(kJudged, "recall=0.5")->reject_below, 0.6F);
}

TEST(BestThreshold, WeighsPrecisionAndRecall) {
  EXPECT_EQ(best_threshold(kJudged, "f2")->reject_below, 0.6F);    // 3/5 and 3/5
  EXPECT_EQ(best_threshold(kJudged, "f0.5")->reject_below, 0.8F);  // 1 and 2/5
}

TEST(BestThreshold, TellsWhenNoScoreReachesTheTarget) {
  EXPECT_FALSE(best_threshold({{0.9F, false}, {0.8F, true}}, "precision=0.9"));
  EXPECT_FALSE(best_threshold({{0.9F, false}}, "recall=0.1"));
}

// It was the highest score, with "right 0.00 %".
TEST(BestThreshold, HasNoBestWhereNothingIsRight) {
  EXPECT_FALSE(best_threshold({{0.9F, false}, {0.8F, false}}, "f1"));
}

TEST(PointAt, TellsWhatHoldsFromAThresholdOn) {
  const ThresholdPoint point = calibrating::point_at(0.5, {0.9, 0.6, 0.4, 0.1}, {true, false, true, false});

  EXPECT_EQ(point.precision, 0.5);
  EXPECT_EQ(point.recall, 0.5);
}

TEST(BestThreshold, RefusesTargetsThatItCannotRead) {
  for (const char* target : {"", "f3", "precision", "precision=", "precision=1.5", "recall=0.5x", "recall=nan"})
    EXPECT_THAT([&] { best_threshold(kJudged, target); }, fails_with(ErrorCode::invalid_argument, "target"));
}

// It was read after all texts were answered, and not at all where no label held.
TEST(FindThreshold, RefusesATargetBeforeItAnswers) {
  EXPECT_THAT([] { find_threshold(bundled(), {}, {.target = "precison=1"}); },
              fails_with(ErrorCode::invalid_argument, "target"));
}

class CalibratedModel : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  std::filesystem::path model_ = folder_.copy_of(source_file("models/sst2-tiny"), "model");
  const std::string text_ = "a dull but honest film";

  static ModelOptions uncalibrated() {
    ModelOptions options;
    options.no_calibration = true;
    return options;
  }

  Prediction answer(const ModelOptions& options = {}) const {
    ClassifyOptions classify;
    classify.top_k = 0;
    classify.logits = true;
    return Classifier::load(model_, options).classify(text_, classify);
  }
};

TEST_F(CalibratedModel, HasOtherScoresAndTheSameLogitsAndLabel) {
  const Prediction before = answer();
  write_calibration(model_ / "calibration.json", {.temperature = 2, .reject_below = {}, .other = {}});

  const Prediction after = answer();

  EXPECT_EQ(after.label, before.label);
  EXPECT_EQ(after.logits, before.logits);
  EXPECT_LT(after.score, before.score);
  EXPECT_EQ(answer(uncalibrated()).score, before.score);
}

TEST_F(CalibratedModel, CallsAnUnsureAnswerTheOther) {
  const Prediction before = answer();
  write_calibration(model_ / "calibration.json", {.temperature = 1, .reject_below = 1.0F, .other = "UNSURE"});

  EXPECT_EQ(answer().label, "UNSURE");
  EXPECT_EQ(answer().scores.front().label, before.label);
  EXPECT_EQ(answer(uncalibrated()).label, before.label);
}

TEST_F(CalibratedModel, LeavesScoresOfAnotherFunctionAlone) {
  write_calibration(model_ / "calibration.json", {.temperature = 2, .reject_below = 1.0F, .other = "UNSURE"});
  ClassifyOptions options;
  options.function_to_apply = Activation::none;
  options.logits = true;

  const Prediction raw = Classifier::load(model_).classify(text_, options);

  EXPECT_NE(raw.label, "UNSURE");
  EXPECT_EQ(raw.score, *std::ranges::max_element(raw.logits));
}

TEST_F(CalibratedModel, IsJudgedByItsBestLabelAllTheSame) {
  const LabelledTexts truth{{"a wonderful film", "a horrible film"}, {1, 0}, {}, {}};
  write_calibration(model_ / "calibration.json", {.temperature = 1, .reject_below = 1.0F, .other = "UNSURE"});

  EXPECT_EQ(evaluate(Classifier::load(model_), truth).accuracy.value, 1);
}

TEST_F(CalibratedModel, LosesNoLogLossOnRealTexts) {
  TASTEVIN_NEEDS_SHARED("data/sst2/dev.tsv");
  const Classifier classifier = Classifier::load(model_);
  const auto truth = read_labelled(shared_file("data/sst2/dev.tsv"), "sentence", "label", classifier.info());

  const TemperatureReport found = find_temperature(classifier, truth);

  EXPECT_EQ(found.texts, 872U);
  EXPECT_LE(found.log_loss_after, found.log_loss_before);
  EXPECT_LE(found.calibration_error_after, found.calibration_error_before + 0.01);
}

TEST_F(CalibratedModel, RefusesADamagedFile) {
  for (const char* content : {"{", "[]", "{\"temperature\": 0}", "{\"temperature\": 1e-300}",
                              "{\"temperature\": \"hot\"}", "{\"reject_below\": 2}", "{\"reject_below\": 0.5}",
                              "{\"thresholds\": 0.5}", "{\"thresholds\": [2]}", "{\"thresholds\": [0.5, 0.5]}"}) {
    std::ofstream(model_ / "calibration.json") << content;
    EXPECT_THAT([&] { Classifier::load(model_); }, fails_with(ErrorCode::bad_checkpoint, "calibration.json"));
  }
}

TEST_F(CalibratedModel, IsNotWrittenIntoAFolderThatIsNotThere) {
  EXPECT_THAT([&] { write_calibration(folder_ / "nowhere" / "calibration.json", {}); },
              fails_with(ErrorCode::unavailable, "nowhere"));
}

TEST(FindTemperature, RefusesWhatItCannotLearnFrom) {
  const Classifier regression = Classifier::load(source_file("tests/golden/tiny/gelu-bf16-regression"));
  const Classifier bundled = Classifier::load(source_file("models/sst2-tiny"));

  EXPECT_THAT([&] { find_temperature(regression, {}); }, fails_with(ErrorCode::invalid_argument, "one of numbers"));
  EXPECT_THAT([&] { find_temperature(bundled, {{"a"}, {1}, {}, {}}); },
              fails_with(ErrorCode::invalid_argument, "found 1"));
}

// Ids and pairs of a caller were taken as they came, and looked up beyond the ends of lists.
TEST(FindTemperature, RefusesATruthThatIsNotOfItsTexts) {
  const Classifier bundled = Classifier::load(source_file("models/sst2-tiny"));
  const std::vector<std::string> texts(12, "a film");
  const auto refuses = [&](const LabelledTexts& truth, const std::string& words) {
    EXPECT_THAT([&] { find_temperature(bundled, truth); }, fails_with(ErrorCode::invalid_argument, words));
    EXPECT_THAT([&] { find_threshold(bundled, truth); }, fails_with(ErrorCode::invalid_argument, words));
  };

  refuses({.texts = texts, .labels = std::vector<std::size_t>(12, 2), .values = {}}, "ids of the model's labels");
  refuses({.texts = texts, .labels = std::vector<std::size_t>(11, 0), .values = {}}, "a truth for each of 12");
  LabelledTexts pairs{.texts = texts, .labels = std::vector<std::size_t>(12, 0), .values = {}};
  pairs.pairs.resize(13);
  refuses(pairs, "a second text for each of 12");
}

TEST(FindThreshold, RefusesAnotherNameThatIsNoUtf8) {
  const Classifier bundled = Classifier::load(source_file("models/sst2-tiny"));
  const LabelledTexts truth{.texts = {"a"}, .labels = {0}, .values = {}};

  EXPECT_THAT([&] { find_threshold(bundled, truth, {.other = "\xff"}); },
              fails_with(ErrorCode::invalid_argument, "other: expected UTF-8"));
}

/// A model that gives several labels at once, with 20 texts whose labels are those that score highest among all texts.
class CalibratedSets : public ::testing::Test {
 protected:
  void SetUp() override {
    const Classifier classifier = Classifier::load(model_);
    for (int i = 0; i < 20; ++i) truth_.texts.push_back("the film was " + std::string(1, static_cast<char>('a' + i)));
    truth_.label_sets.resize(truth_.texts.size());
    for (std::size_t k = 0; k < 5; ++k) {
      std::vector<std::pair<float, std::size_t>> scores;
      for (std::size_t i = 0; i < truth_.texts.size(); ++i)
        scores.emplace_back(classifier.classify(truth_.texts[i], {.logits = true}).logits[k], i);
      std::ranges::sort(scores, std::greater{});
      for (std::size_t i = 0; i < 6; ++i) truth_.label_sets[scores[i].second].push_back(k);
    }
  }

  TemporaryFolder folder_;
  std::filesystem::path model_ = folder_.copy_of(source_file("tests/golden/tiny/relu-f16-multi-label"), "model");
  LabelledTexts truth_;
};

TEST_F(CalibratedSets, HaveAThresholdForEachLabelThatIsApplied) {
  const ThresholdReport found = find_threshold(Classifier::load(model_), truth_);
  Calibration calibration;
  for (const LabelThreshold& label : found.labels) {
    EXPECT_EQ(label.precision, 1) << label.label;
    EXPECT_EQ(label.recall, 1) << label.label;
    EXPECT_EQ(label.texts, 6U);
    calibration.thresholds.push_back(label.threshold);
  }
  write_calibration(model_ / "calibration.json", calibration);

  EXPECT_EQ(evaluate(Classifier::load(model_), truth_, {.bootstrap = 0}).accuracy.value, 1);
  EXPECT_LT(evaluate(Classifier::load(model_, {.no_calibration = true}), truth_, {.bootstrap = 0}).accuracy.value, 1);
}

TEST_F(CalibratedSets, GiveWayToTheCallersThreshold) {
  write_calibration(model_ / "calibration.json", {.thresholds = {0, 0, 0, 0, 0}});
  const Classifier classifier = Classifier::load(model_);

  EXPECT_EQ(classifier.classify("film").labels.size(), 5U);
  EXPECT_TRUE(classifier.classify("film", {.threshold = 1.0F}).labels.empty());
}

TEST_F(CalibratedSets, KeepHalfWhereALabelIsNowhereTrue) {
  for (auto& set : truth_.label_sets) std::erase(set, 2U);
  const ThresholdReport found = find_threshold(Classifier::load(model_), truth_);

  EXPECT_FALSE(found.labels[2].reached);
  EXPECT_EQ(found.labels[2].threshold, 0.5F);
  EXPECT_TRUE(found.labels[3].reached);
}

TEST_F(CalibratedSets, LoseNoLogLoss) {
  const TemperatureReport found = find_temperature(Classifier::load(model_), truth_);

  EXPECT_EQ(found.texts, 20U);
  EXPECT_LT(found.log_loss_after, found.log_loss_before);
}

}  // namespace
}  // namespace tastevin
