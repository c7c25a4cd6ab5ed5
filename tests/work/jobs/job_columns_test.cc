#include "work/jobs/job_columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fails_with.h"

namespace tastevin::jobs {
namespace {

using ::testing::ElementsAre;

ModelInfo model() {
  ModelInfo info;
  info.labels = {"bad", "good"};
  return info;
}

Outcome good() {
  Outcome outcome;
  outcome.prediction.label = "good";
  outcome.prediction.score = 0.75F;
  outcome.prediction.scores = {{"good", 0.75F}, {"bad", 0.25F}};
  outcome.prediction.logits = {-1, 0.5F};
  outcome.prediction.tokens = 7;
  return outcome;
}

TEST(AddedColumns, AreLabelScoreAndError) {
  const AddedColumns columns({}, model());

  EXPECT_THAT(columns.names(), ElementsAre("label", "score", "error"));
  EXPECT_THAT(columns.values(good()), ElementsAre("good", "0.75", ""));
  EXPECT_EQ(columns.members(good()), R"("label":"good","score":0.75,"error":null)");
}

TEST(AddedColumns, AreMoreWhenAskedFor) {
  const AddedColumns columns({"tokens", "scores", "logits", "margin", "entropy", "truncated"}, model());

  EXPECT_THAT(columns.names(), ElementsAre("label", "score", "score_bad", "score_good", "logit_bad", "logit_good",
                                           "margin", "entropy", "tokens", "truncated", "error"));
  EXPECT_THAT(columns.values(good()),
              ElementsAre("good", "0.75", "0.25", "0.75", "-1", "0.5", "0.5", "0.56233513", "7", "false", ""));
  EXPECT_THAT(columns.members(good()), ::testing::HasSubstr(R"("scores":[0.25,0.75],"logits":[-1.0,0.5])"));
}

TEST(AddedColumns, LeaveTheInputItsNames) {
  const AddedColumns columns({}, model(), {"text", "label"});

  EXPECT_THAT(columns.names(), ElementsAre("tastevin_label", "score", "error"));
  EXPECT_EQ(columns.members(good()), R"("tastevin_label":"good","score":0.75,"error":null)");
}

TEST(AddedColumns, HoldAnErrorAlone) {
  const AddedColumns columns({"tokens"}, model());
  const Outcome failed{{}, "too long"};

  EXPECT_THAT(columns.values(failed), ElementsAre("", "", "", "too long"));
  EXPECT_EQ(columns.members(failed), R"("label":null,"score":null,"error":"too long")");
}

TEST(AddedColumns, RefuseAnUnknownName) {
  EXPECT_THAT([] { AddedColumns({"vibe"}, model()); }, fails_with(ErrorCode::invalid_argument, "'vibe'"));
}

}  // namespace
}  // namespace tastevin::jobs
