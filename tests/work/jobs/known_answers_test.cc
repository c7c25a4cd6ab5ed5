#include "work/jobs/known_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fails_with.h"

namespace tastevin::jobs {
namespace {

constexpr std::size_t kRoom = 10000;

Outcome answer(const std::string& label, float bad, float good) {
  Outcome outcome;
  outcome.prediction.label = label;
  outcome.prediction.score = std::max(bad, good);
  outcome.prediction.scores = {{"good", good, 1}, {"bad", bad, 0}};
  if (bad > good) std::swap(outcome.prediction.scores[0], outcome.prediction.scores[1]);
  outcome.prediction.logits = {bad * 2, good * 2};
  for (const ScoredLabel& scored : outcome.prediction.scores)
    if (scored.score >= 0.5F) outcome.prediction.labels.push_back(scored.label);
  outcome.prediction.tokens = 7;
  outcome.prediction.truncated = true;
  return outcome;
}

void expect_equal(const Outcome& found, const Outcome& expected) {
  EXPECT_EQ(found.error, expected.error);
  EXPECT_EQ(found.prediction.label, expected.prediction.label);
  EXPECT_EQ(found.prediction.score, expected.prediction.score);
  EXPECT_EQ(found.prediction.logits, expected.prediction.logits);
  EXPECT_EQ(found.prediction.labels, expected.prediction.labels);
  EXPECT_EQ(found.prediction.tokens, expected.prediction.tokens);
  EXPECT_EQ(found.prediction.truncated, expected.prediction.truncated);
  ASSERT_EQ(found.prediction.scores.size(), expected.prediction.scores.size());
  for (std::size_t i = 0; i < expected.prediction.scores.size(); ++i) {
    EXPECT_EQ(found.prediction.scores[i].label, expected.prediction.scores[i].label);
    EXPECT_EQ(found.prediction.scores[i].score, expected.prediction.scores[i].score);
    EXPECT_EQ(found.prediction.scores[i].id, expected.prediction.scores[i].id);
  }
}

TEST(KnownAnswers, GiveEqualTextsOnePlace) {
  KnownAnswers known({"bad", "good"}, {}, kRoom);

  EXPECT_TRUE(known.place_of({"a"})->is_new);
  EXPECT_TRUE(known.place_of({"b"})->is_new);
  EXPECT_FALSE(known.place_of({"a"})->is_new);
  EXPECT_EQ(known.place_of({"b"})->index, 1U);
}

TEST(KnownAnswers, TellPairsApart) {
  KnownAnswers known({"bad", "good"}, {}, kRoom);
  for (const Text& text : {Text{"ab"}, Text{"ab", ""}, Text{"a", "b"}, Text{"", "ab"}})
    EXPECT_TRUE(known.place_of(text)->is_new);
}

TEST(KnownAnswers, AreAsTheyWereGivenAndRestored) {
  KnownAnswers known({"bad", "good"}, {.logits = true, .labels = true}, kRoom);
  const std::vector<Outcome> given{answer("good", 0.25F, 0.75F),
                                   answer("bad", 0.5F, 0.5F - 1e-7F),
                                   answer("unsure", 0.5F, 0.25F),
                                   {{}, "too long"},
                                   answer("", 0.5F, 0.25F)};
  for (const Outcome& outcome : given) known.add(outcome);

  KnownAnswers again({"bad", "good"}, {.logits = true, .labels = true}, kRoom);
  again.add(given[0]);
  for (const char* text : {"a", "b", "c", "d", "e"}) again.place_of({text});
  again.restore(known.saved(1), "part 0");

  ASSERT_EQ(again.size(), given.size());
  for (std::size_t i = 0; i < given.size(); ++i) {
    expect_equal(known.at(i), given[i]);
    expect_equal(again.at(i), given[i]);
  }
}

TEST(KnownAnswers, StopWhereThereIsNoRoom) {
  KnownAnswers known({"bad", "good"}, {}, 200);
  EXPECT_TRUE(known.place_of({"a"}));
  EXPECT_TRUE(known.place_of({"b"}));
  EXPECT_FALSE(known.place_of({"c"}));
  EXPECT_TRUE(known.place_of({"a"}));
}

/// Expects that the bytes of one answer are refused once `byte` stands at `at`.
void expect_refused_with(std::size_t at, char byte, const std::string& word) {
  KnownAnswers known({"bad", "good"}, {}, kRoom);
  known.add(answer("good", 0.25F, 0.75F));
  std::string bytes = known.saved(0);
  bytes.at(at) = byte;

  KnownAnswers again({"bad", "good"}, {}, kRoom);
  again.place_of({"a"});
  EXPECT_THAT([&] { again.restore(bytes, "part 3"); }, fails_with(ErrorCode::invalid_argument, word));
}

TEST(KnownAnswers, RefuseBytesThatAreCutOff) {
  KnownAnswers known({"bad", "good"}, {}, kRoom);
  known.add(answer("unsure", 0.25F, 0.75F));
  const std::string bytes = known.saved(0);

  for (std::size_t size = 0; size < bytes.size(); ++size) {
    KnownAnswers again({"bad", "good"}, {}, kRoom);
    again.place_of({"a"});
    EXPECT_THAT([&] { again.restore(bytes.substr(0, size), "part 3"); },
                fails_with(ErrorCode::invalid_argument, "part 3"));
  }
}

TEST(KnownAnswers, RefuseMoreAnswersThanTexts) {
  KnownAnswers known({"bad", "good"}, {}, kRoom);
  known.add(answer("good", 0.25F, 0.75F));

  KnownAnswers again({"bad", "good"}, {}, kRoom);
  EXPECT_THAT([&] { again.restore(known.saved(0), "part 3"); }, fails_with(ErrorCode::invalid_argument, "behind them"));
}

// A bool that is neither, a label that there is not and an error without words were taken as they came.
TEST(KnownAnswers, RefuseWhatNoRunHasSaved) {
  expect_refused_with(4, 3, "label 3 of 2");
  expect_refused_with(8, 2, "0 or 1");
  expect_refused_with(9, '\xFF', "0 or 1");
  expect_refused_with(9, 1, "an error without words");
}

}  // namespace
}  // namespace tastevin::jobs
