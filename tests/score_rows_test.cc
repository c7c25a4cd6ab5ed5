#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fails_with.h"
#include "support/files.h"
#include "tastevin/classifier.h"

namespace tastevin {
namespace {

constexpr float kGroupingTolerance = 1e-5F;  // another grouping of the texts in rows

class ScoreRows : public ::testing::Test {
 protected:
  const Classifier classifier_ = Classifier::load(source_file("tests/golden/tiny/relu-f16-multi-label"));
  const std::size_t labels_ = classifier_.info().labels.size();
};

TEST_F(ScoreRows, LogitsAreThoseOfThePredictionsAlsoOfRepeatedTexts) {
  const std::vector<Text> texts{{"a b"}, {"c"}, {"a b"}, {"d"}, {"c"}, {"a b"}};
  std::vector<float> rows(texts.size() * labels_);

  classifier_.logits(texts, rows);

  const auto predictions = classifier_.classify(texts, {.logits = true}).predictions;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (std::size_t k = 0; k < labels_; ++k)
      EXPECT_NEAR(rows[i * labels_ + k], predictions[i].logits[k], kGroupingTolerance);
  }
}

TEST_F(ScoreRows, ScoresStandInLabelIdOrder) {
  const std::vector<Text> texts{{"a b"}, {"c"}};
  std::vector<float> rows(texts.size() * labels_);

  classifier_.scores(texts, rows);

  const auto predictions = classifier_.classify(texts, {.top_k = 0}).predictions;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::vector<float> expected = scores_by_id(predictions[i], classifier_.info().labels.size());
    for (std::size_t k = 0; k < labels_; ++k) EXPECT_NEAR(rows[i * labels_ + k], expected[k], kGroupingTolerance);
  }
}

TEST_F(ScoreRows, AreReadInWindowsAsPredictionsAre) {
  std::string words;
  for (int i = 0; i < 60; ++i) words += i % 3 == 0 ? "a " : "b c ";
  ClassifyOptions options;
  options.long_text = LongText::window;
  options.window = 16;
  const std::vector<Text> texts{{"c"}, {words}, {"a b"}, {words}};
  std::vector<float> rows(texts.size() * labels_);

  classifier_.logits(texts, rows, options);

  options.logits = true;
  const auto predictions = classifier_.classify(texts, options).predictions;
  EXPECT_GT(predictions[1].windows.size(), 2U);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (std::size_t k = 0; k < labels_; ++k)
      EXPECT_NEAR(rows[i * labels_ + k], predictions[i].logits[k], kGroupingTolerance);
  }
}

// They were taken, and had no effect.
TEST_F(ScoreRows, RefuseWhatIsOfAnswersInWords) {
  const std::vector<Text> texts{{"a b"}};
  std::vector<float> rows(labels_);
  for (const ClassifyOptions& options :
       {ClassifyOptions{.top_k = 2}, ClassifyOptions{.threshold = 0.5F}, ClassifyOptions{.logits = true}})
    EXPECT_THAT([&] { classifier_.scores(texts, rows, options); }, fails_with(ErrorCode::invalid_argument, "top-k"));
}

TEST_F(ScoreRows, RowsOfAnotherSizeAreRefused) {
  const std::vector<Text> texts{{"a b"}, {"c"}};
  std::vector<float> rows(labels_);

  EXPECT_THAT([&] { classifier_.logits(texts, rows); }, fails_with(ErrorCode::invalid_argument, "rows"));
}

}  // namespace
}  // namespace tastevin
