#include "classify/decide/activation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tastevin::decide {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatNear;

std::vector<float> applied(Activation activation, std::vector<float> row) {
  to_scores(activation, row);
  return row;
}

TEST(DefaultActivation, FollowsTheOrderOfTheTransformersPipeline) {
  EXPECT_EQ(default_activation(Task::regression, 1), Activation::none);
  EXPECT_EQ(default_activation(Task::multi_label, 3), Activation::sigmoid);
  EXPECT_EQ(default_activation(std::nullopt, 1), Activation::sigmoid);
  EXPECT_EQ(default_activation(std::nullopt, 2), Activation::softmax);
}

TEST(DefaultActivation, OfOneLabelIsSigmoidWhateverTheProblemType) {
  // Softmax over a single logit is always 1.
  EXPECT_EQ(default_activation(Task::single_label, 1), Activation::sigmoid);
  EXPECT_THAT(applied(Activation::sigmoid, {0.0F}), ElementsAre(0.5F));
}

TEST(ToScores, SigmoidScoresEachLabelOnItsOwn) {
  EXPECT_THAT(applied(Activation::sigmoid, {2, -1, 0}),
              ElementsAre(FloatNear(0.880797F, 1e-6F), FloatNear(0.268941F, 1e-6F), FloatNear(0.5F, 1e-6F)));
}

TEST(ToScores, SoftmaxSumsToOne) {
  EXPECT_THAT(applied(Activation::softmax, {2, -1, 0}),
              ElementsAre(FloatNear(0.843795F, 1e-6F), FloatNear(0.042010F, 1e-6F), FloatNear(0.114195F, 1e-6F)));
}

TEST(ToScores, SoftmaxOfFarLogitsStaysFinite) {
  // Subtracting the logit of largest absolute value, not the largest, overflows here.
  EXPECT_THAT(applied(Activation::softmax, {-500, 0, 1}),
              ElementsAre(0.0F, FloatNear(0.268941F, 1e-6F), FloatNear(0.731059F, 1e-6F)));
}

TEST(ToScores, NoneLeavesLogitsAlone) { EXPECT_THAT(applied(Activation::none, {2, -1}), ElementsAre(2.0F, -1.0F)); }

}  // namespace
}  // namespace tastevin::decide
