#include "classify/decide/decide.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tastevin::decide {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Meaning kThree{.labels = {"a", "b", "c"}, .task = Task::single_label, .activation = Activation::softmax};
const Meaning kTags{.labels = {"a", "b", "c"}, .task = Task::multi_label, .activation = Activation::sigmoid};

std::vector<std::string> names(const std::vector<ScoredLabel>& scores) {
  std::vector<std::string> labels;
  for (const ScoredLabel& scored : scores) labels.push_back(scored.label);
  return labels;
}

TEST(Decide, NamesTheLabelWithTheLargestLogit) {
  EXPECT_EQ(decide(std::vector{0.0F, 5.0F, 1.0F}, kThree, {}).label, "b");
}

TEST(Decide, ReturnsOneLabelUnlessAskedForMore) {
  EXPECT_THAT(names(decide(std::vector{0.0F, 5.0F, 1.0F}, kThree, {}).scores), ElementsAre("b"));
  EXPECT_THAT(names(decide(std::vector{0.0F, 5.0F, 1.0F}, kThree, {.top_k = 2}).scores), ElementsAre("b", "c"));
}

TEST(Decide, ReturnsAllLabelsForTopKZeroOrMoreThanThereAre) {
  EXPECT_THAT(names(decide(std::vector{0.0F, 5.0F, 1.0F}, kThree, {.top_k = 0}).scores), ElementsAre("b", "c", "a"));
  EXPECT_THAT(names(decide(std::vector{0.0F, 5.0F, 1.0F}, kThree, {.top_k = 9}).scores), ElementsAre("b", "c", "a"));
}

TEST(Decide, BreaksTiesInLabelOrder) {
  EXPECT_THAT(names(decide(std::vector{1.0F, 1.0F, 1.0F}, kThree, {.top_k = 0}).scores), ElementsAre("a", "b", "c"));
}

TEST(Decide, LeavesOutLabelsBelowTheThresholdButKeepsTheTopOne) {
  const Prediction prediction = decide(std::vector{0.0F, 0.1F, 0.0F}, kThree, {.top_k = 0, .threshold = 0.9F});

  EXPECT_THAT(prediction.scores, IsEmpty());
  EXPECT_EQ(prediction.label, "b");
}

TEST(Decide, ListsTheLabelsOfAMultiLabelAnswerThatHold) {
  EXPECT_THAT(decide(std::vector{2.0F, -1.0F, 0.0F}, kTags, {}).labels, ElementsAre("a", "c"));
  EXPECT_THAT(decide(std::vector{2.0F, -1.0F, 0.0F}, kTags, {.threshold = 0.6F}).labels, ElementsAre("a"));
}

TEST(Decide, MayFindThatNoLabelHolds) {
  const Prediction prediction = decide(std::vector{-2.0F, -1.0F, -3.0F}, kTags, {});

  EXPECT_THAT(prediction.labels, IsEmpty());
  EXPECT_EQ(prediction.label, "b");
}

TEST(Decide, ReturnsLogitsInLabelIdOrderWhenAsked) {
  EXPECT_THAT(decide(std::vector{0.0F, 5.0F, 1.0F}, kThree, {.logits = true}).logits, ElementsAre(0.0F, 5.0F, 1.0F));
  EXPECT_THAT(decide(std::vector{0.0F, 5.0F, 1.0F}, kThree, {}).logits, IsEmpty());
}

TEST(Decide, CanBeForcedToAnotherFunction) {
  EXPECT_FLOAT_EQ(decide(std::vector{0.0F, 5.0F, 1.0F}, kThree, {.function_to_apply = Activation::none}).score, 5.0F);
}

}  // namespace
}  // namespace tastevin::decide
