// Long texts, read in windows.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>

#include "support/bundled.h"
#include "support/fails_with.h"
#include "tastevin/classifier.h"

namespace tastevin {
namespace {

constexpr float kPaddingTolerance = 1e-5F;  // f32 sums in another kernel, by the shape of the request

std::string long_review() {
  std::string text;
  for (int i = 0; i < 400; ++i) text += i % 7 == 0 ? "a wonderful film " : "the end was dull ";
  return text;
}

TEST(LongTexts, ReadsALongTextWholeInWindows) {
  const std::string text = long_review();
  ClassifyOptions options;
  options.long_text = LongText::window;
  options.logits = true;

  const Prediction answer = bundled().classify(text, options);

  ASSERT_GT(answer.windows.size(), 2U);
  EXPECT_FALSE(answer.truncated);
  EXPECT_EQ(answer.windows.front().begin, 0U);
  EXPECT_EQ(answer.windows.back().end, text.size() - 1);  // the last blank belongs to no token
  for (std::size_t i = 1; i < answer.windows.size(); ++i) {
    EXPECT_LT(answer.windows[i].begin, answer.windows[i - 1].end);
    EXPECT_GT(answer.windows[i].end, answer.windows[i - 1].end);
  }
}

// Windows of pairs had no place.
TEST(LongTexts, TellsWhereAWindowOfAPairStands) {
  ClassifyOptions options;
  options.long_text = LongText::window;
  options.max_length = 10;
  options.stride = 1;
  const std::vector<Text> texts{{"a b c d e f", "x y z"}, {"x y z", "a b c d e f"}};
  for (const PairTruncation windowed : {PairTruncation::only_first, PairTruncation::only_second}) {
    options.pair_truncation = windowed;
    const std::size_t pair = windowed == PairTruncation::only_first ? 0 : 1;
    const auto windows = bundled().classify(std::span(texts).subspan(pair, 1), options).predictions.front().windows;

    ASSERT_GT(windows.size(), 1U);
    EXPECT_EQ(windows.front().begin, 0U);
    EXPECT_LT(windows.front().end, 11U);
    EXPECT_GT(windows.back().begin, 0U);
    EXPECT_EQ(windows.back().end, 11U);
  }
}

TEST(LongTexts, AWindowsAnswerIsThatOfItsPartOfTheText) {
  const std::string text = long_review();
  ClassifyOptions options;
  options.long_text = LongText::window;
  options.window = 64;
  options.stride = 16;

  for (const WindowPrediction& window : bundled().classify(text, options).windows) {
    const Prediction alone = bundled().classify(text.substr(window.begin, window.end - window.begin));
    EXPECT_EQ(window.label, alone.label);
    EXPECT_NEAR(window.score, alone.score, kPaddingTolerance);
  }
}

TEST(LongTexts, MakesOneAnswerOfWindowsAsAsked) {
  const std::string text = long_review();
  ClassifyOptions options;
  options.long_text = LongText::window;
  options.window = 64;
  options.logits = true;
  std::map<Aggregate, std::vector<float>> logits;
  for (const Aggregate aggregate : {Aggregate::mean, Aggregate::max, Aggregate::first}) {
    options.aggregate = aggregate;
    logits[aggregate] = bundled().classify(text, options).logits;
  }
  ClassifyOptions cut;
  cut.max_length = 64;
  cut.logits = true;
  const Prediction first = bundled().classify(text, cut);
  std::vector<float> mean(first.logits.size());
  options.aggregate = Aggregate::mean;
  const std::vector<WindowPrediction> windows = bundled().classify(text, options).windows;
  for (const WindowPrediction& window : windows) {
    const Prediction alone = bundled().classify(text.substr(window.begin, window.end - window.begin), cut);
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += alone.logits[i] / static_cast<float>(windows.size());
  }

  for (std::size_t i = 0; i < first.logits.size(); ++i) {
    EXPECT_NEAR(logits[Aggregate::mean][i], mean[i], kPaddingTolerance);
    EXPECT_NEAR(logits[Aggregate::first][i], first.logits[i], kPaddingTolerance);
    EXPECT_GT(logits[Aggregate::max][i], logits[Aggregate::mean][i]);
    EXPECT_GE(logits[Aggregate::max][i], first.logits[i] - kPaddingTolerance);
  }
}

TEST(LongTexts, MixesLongAndShortTextsInTheirOrder) {
  const std::string text = long_review();
  const std::string other = "so " + text;
  const std::vector<Text> texts{{"I had a wonderful day"}, {text}, {"The food was horrible."}, {other}};
  ClassifyOptions options;
  options.long_text = LongText::window;

  const auto answers = bundled().classify(texts, options).predictions;

  EXPECT_EQ(answers[0].label, "POSITIVE");
  EXPECT_TRUE(answers[0].windows.empty());
  EXPECT_EQ(answers[2].label, "NEGATIVE");
  EXPECT_GT(answers[1].windows.size(), 2U);
  EXPECT_EQ(answers[1].windows.back().end, text.size() - 1);
  EXPECT_EQ(answers[3].windows.back().end, other.size() - 1);
}

TEST(LongTexts, RefusesSettingsOfWindowsThatWouldHaveNoEffect) {
  for (const char* setting : {"window", "stride", "aggregate", "truncation", "max-length"}) {
    const std::string_view name = setting;
    ClassifyOptions options;
    if (name == "window") options.window = 64;
    if (name == "stride") options.stride = 8;
    if (name == "aggregate") options.aggregate = Aggregate::max;
    if (name == "truncation") {
      options.long_text = LongText::window;
      options.truncation = Truncation::error;
    }
    if (name == "max-length") {
      options.long_text = LongText::window;
      options.window = 64;
      options.max_length = 128;
    }
    EXPECT_THAT([&] { bundled().classify("a", options); }, fails_with(ErrorCode::invalid_argument, setting));
  }
}

TEST(LongTexts, RefusesWindowsThatCannotMoveOn) {
  ClassifyOptions options;
  options.long_text = LongText::window;
  options.window = 16;
  for (const std::size_t stride : {std::size_t{14}, std::numeric_limits<std::size_t>::max()}) {
    options.stride = stride;
    EXPECT_THAT([&] { bundled().classify("short", options); }, fails_with(ErrorCode::invalid_argument, "stride"));
  }
}

std::string words(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "a ";
  return text;
}

ClassifyOptions in_windows_of_64(PairTruncation cut) {
  ClassifyOptions options;
  options.long_text = LongText::window;
  options.max_length = 64;
  options.pair_truncation = cut;
  return options;
}

// A window moved on by a token, where the other text left little more than the stride: 400 texts' work for one.
TEST(LongTexts, MovesOnByHalfOfTheRoomThatTheOtherTextLeaves) {
  const ClassifyOptions options = in_windows_of_64(PairTruncation::only_first);
  const std::string first = words(100);
  const std::string second = words(44);  // 17 tokens of room, and a stride of 16
  const std::vector<Text> pair{{first, second}};

  EXPECT_EQ(bundled().classify(pair, options).predictions.front().windows.size(), 11U);  // 17 + 9 * 10 >= 100
}

TEST(LongTexts, RefusesAPairWhoseWindowsWouldBeMostlyTheOtherText) {
  const ClassifyOptions options = in_windows_of_64(PairTruncation::only_second);
  const std::string first = words(58);
  const std::string second = words(400);
  const std::string brief = words(6);
  const std::vector<Text> pairs{{first, brief}, {first, second}};

  EXPECT_EQ(bundled().classify(std::span(pairs).first(1), options).predictions.front().windows.size(), 3U);
  EXPECT_THAT([&] { bundled().classify(pairs, options); },
              fails_with(ErrorCode::too_large, "texts[1]: the text of the pair that must stay whole leaves 3 tokens"));
}

// Only where some pair was long, so that the others of its block lost their answers.
TEST(LongTexts, RefusesPairsOfWhichNoTextIsChosen) {
  ClassifyOptions options;
  options.long_text = LongText::window;
  const std::vector<Text> pairs{{"short", "too"}};

  EXPECT_THAT([&] { bundled().classify(pairs, options); },
              fails_with(ErrorCode::invalid_argument, "only_first or only_second"));
}

}  // namespace
}  // namespace tastevin
