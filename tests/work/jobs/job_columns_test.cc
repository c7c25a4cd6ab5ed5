#include "work/jobs/job_columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fails_with.h"
#include "work/tables/row_text.h"

namespace tastevin::jobs {
namespace {

using ::testing::ElementsAre;

const std::vector<std::string> kLabels{"bad", "good"};

Outcome good() {
  Outcome outcome;
  outcome.prediction.label = "good";
  outcome.prediction.score = 0.75F;
  outcome.prediction.scores = {{"good", 0.75F, 1}, {"bad", 0.25F, 0}};
  outcome.prediction.logits = {-1, 0.5F};
  outcome.prediction.tokens = 7;
  return outcome;
}

std::vector<std::string> names(const AddedColumns& columns) { return tables::separated_names(columns.columns()); }

std::vector<std::string> values(const AddedColumns& columns, const Outcome& outcome) {
  std::vector<std::string> row;
  tables::append_values(row, columns.columns(), columns.values(outcome));
  return row;
}

std::string object(const AddedColumns& columns, const Outcome& outcome) {
  return tables::extended_object("{}", columns.columns(), columns.values(outcome));
}

TEST(AddedColumns, AreLabelScoreAndError) {
  const AddedColumns columns({}, kLabels);

  EXPECT_THAT(names(columns), ElementsAre("label", "score", "error"));
  EXPECT_THAT(values(columns, good()), ElementsAre("good", "0.75", ""));
  EXPECT_EQ(object(columns, good()), "{\"label\":\"good\",\"score\":0.75,\"error\":null}\n");
}

TEST(AddedColumns, AreMoreWhenAskedFor) {
  const AddedColumns columns({"tokens", "scores", "logits", "margin", "entropy", "truncated"}, kLabels);

  EXPECT_THAT(names(columns), ElementsAre("label", "score", "score_bad", "score_good", "logit_bad", "logit_good",
                                          "margin", "entropy", "tokens", "truncated", "error"));
  EXPECT_THAT(values(columns, good()),
              ElementsAre("good", "0.75", "0.25", "0.75", "-1", "0.5", "0.5", "0.56233513", "7", "false", ""));
  EXPECT_THAT(object(columns, good()), ::testing::HasSubstr(R"("scores":[0.25,0.75],"logits":[-1.0,0.5])"));
}

TEST(AddedColumns, AreTheLabelsThatHoldAndTheWindows) {
  const AddedColumns columns({"labels", "windows"}, kLabels);
  Outcome outcome = good();
  outcome.prediction.labels = {"good", "b\"ad"};
  outcome.prediction.windows = {{0, 5, "good", 0.75F}, {3, 9, "bad", 0.5F}};

  EXPECT_THAT(names(columns), ElementsAre("label", "score", "labels", "windows", "error"));
  const std::string windows =
      R"([{"begin":0,"end":5,"label":"good","score":0.75},{"begin":3,"end":9,"label":"bad","score":0.5}])";
  EXPECT_THAT(values(columns, outcome), ElementsAre("good", "0.75", R"(["good","b\"ad"])", windows, ""));
  EXPECT_THAT(object(columns, outcome), ::testing::HasSubstr(R"("labels":["good","b\"ad"],"windows":)" + windows));
  EXPECT_THAT(values(columns, good()), ElementsAre("good", "0.75", "[]", "[]", ""));
}

TEST(AddedColumns, LeaveTheInputItsNames) {
  const AddedColumns columns({"scores"}, kLabels, {"text", "label", "score_bad"});

  EXPECT_THAT(names(columns), ElementsAre("tastevin_label", "score", "tastevin_score_bad", "score_good", "error"));
  EXPECT_THAT(object(columns, good()), ::testing::StartsWith("{\"tastevin_label\":\"good\",\"score\":0.75,"));
}

// What was labelled twice had two columns of one name.
TEST(AddedColumns, LeaveTheNamesOfAnEarlierRunToo) {
  const AddedColumns columns({}, kLabels, {"text", "label", "score", "error", "tastevin_label"});

  EXPECT_THAT(names(columns), ElementsAre("tastevin_tastevin_label", "tastevin_score", "tastevin_error"));
}

TEST(AddedColumns, HoldAnErrorAlone) {
  const AddedColumns columns({"tokens", "scores"}, kLabels);
  const Outcome failed{{}, "too long"};

  EXPECT_THAT(values(columns, failed), ElementsAre("", "", "", "", "", "too long"));
  EXPECT_EQ(object(columns, failed),
            "{\"label\":null,\"score\":null,\"scores\":null,\"tokens\":null,\"error\":\"too long\"}\n");
}

TEST(AddedColumns, RefuseAnUnknownName) {
  EXPECT_THAT([] { AddedColumns({"vibe"}, kLabels); }, fails_with(ErrorCode::invalid_argument, "'vibe'"));
}

}  // namespace
}  // namespace tastevin::jobs
