#include "base/prediction_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tastevin {
namespace {

Prediction prediction() {
  Prediction prediction;
  prediction.label = "good";
  prediction.score = 0.75F;
  prediction.scores = {{"good", 0.75F}, {"bad", 0.25F}};
  prediction.tokens = 7;
  return prediction;
}

TEST(AddPrediction, LeavesOutWhatIsNotThere) {
  AnswerJson json{{"index", 0}};
  add_prediction(json, prediction());
  EXPECT_EQ(json.dump(), R"({"index":0,"label":"good","score":0.75,"scores":[{"label":"good","score":0.75},)"
                         R"({"label":"bad","score":0.25}],"tokens":7,"truncated":false})");
}

TEST(AddPrediction, HasLabelsLogitsAndWindows) {
  Prediction several = prediction();
  several.multi_label = true;
  several.logits = {-1, 0.5F};
  several.windows = {{0, 5, "good", 0.5F}};
  AnswerJson json;
  add_prediction(json, several);
  EXPECT_EQ(json["labels"].dump(), "[]");
  EXPECT_EQ(json["logits"].dump(), "[-1.0,0.5]");
  EXPECT_EQ(json["windows"][0]["end"], 5);
}

TEST(ScoresById, HaveTheOrderOfTheLabels) {
  using ::testing::ElementsAre;
  Prediction best_first;
  best_first.scores = {{"good", 0.75F, 1}, {"bad", 0.25F, 0}};
  EXPECT_THAT(scores_by_id(best_first, 2), ElementsAre(0.25F, 0.75F));
  Prediction best_alone;
  best_alone.scores = {{"good", 0.75F, 1}};
  EXPECT_THAT(scores_by_id(best_alone, 2), ElementsAre(0.0F, 0.75F));
}

TEST(ScoresById, AreEachLabelsOwnWhereTwoHaveOneName) {
  // They were found by their names: one was the other's, and the last 0.
  Prediction twins;
  twins.scores = {{"same", 0.75F, 1}, {"same", 0.25F, 0}};
  EXPECT_THAT(scores_by_id(twins, 2), ::testing::ElementsAre(0.25F, 0.75F));
}

}  // namespace
}  // namespace tastevin
