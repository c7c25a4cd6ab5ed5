// Commands that learn from labelled texts, and what they leave with the model.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program_under_test.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace tastevin {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class LearningCommand : public ::testing::Test {
 protected:
  Ended learn(const std::string& command, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{
        command,    "--model", model_,           "--data",   source_file("examples/reviews.csv"),
        "--column", "text",    "--label-column", "sentiment"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return tastevin(arguments);
  }

  TemporaryFolder folder_;
  std::string model_ = folder_.copy_of(source_file("models/sst2-tiny"), "model").string();
};

TEST_F(LearningCommand, KeepsATemperatureThatInspectShowsAndClassifyApplies) {
  EXPECT_THAT(tastevin({"inspect", model_}).out, Not(HasSubstr("calibration")));
  const std::string before = tastevin({"classify", "a dull film", "--model", model_, "--format", "tsv"}).out;

  const Ended run = learn("calibrate");

  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("temperature  "));
  EXPECT_THAT(run.out, HasSubstr(", of 40 texts\n"));
  EXPECT_THAT(tastevin({"inspect", model_}).out, HasSubstr("calibration temperature "));
  EXPECT_NE(tastevin({"classify", "a dull film", "--model", model_, "--format", "tsv"}).out, before);
  EXPECT_EQ(tastevin({"classify", "a dull film", "--model", model_, "--format", "tsv", "--no-calibration"}).out,
            before);
}

TEST_F(LearningCommand, KeepsAThresholdBelowWhichAnAnswerIsNone) {
  const Ended run = learn("threshold", {"--target", "precision=1", "--other", "UNSURE"});

  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("a best score below it gives UNSURE\n"));
  EXPECT_THAT(run.out, HasSubstr("right      100.00 % of the accepted"));
  EXPECT_THAT(tastevin({"inspect", model_}).out, HasSubstr("calibration UNSURE below 0."));
}

// They went without a word, even where no score changed.
TEST_F(LearningCommand, KeepsThresholdsOfATemperatureThatStays) {
  ASSERT_EQ(learn("calibrate").code, 0);
  ASSERT_EQ(learn("threshold", {"--target", "precision=1", "--other", "UNSURE"}).code, 0);

  EXPECT_EQ(learn("calibrate").err, "");
  EXPECT_THAT(tastevin({"inspect", model_}).out, HasSubstr("UNSURE below"));
  EXPECT_THAT(learn("calibrate", {"--max-length", "4"}).err, HasSubstr("thresholds of the scores before are dropped"));
  EXPECT_THAT(tastevin({"inspect", model_}).out, Not(HasSubstr("UNSURE below")));
}

TEST_F(LearningCommand, ReadsTextsAsItIsTold) {
  EXPECT_EQ(learn("calibrate", {"--max-length", "2", "--truncation", "error"}).code, 2);
  EXPECT_EQ(learn("threshold", {"--max-length", "2", "--truncation", "error"}).code, 2);
  EXPECT_EQ(learn("evaluate", {"--max-length", "2", "--truncation", "error"}).code, 2);
  EXPECT_EQ(learn("evaluate", {"--max-length", "6", "--long", "window"}).code, 0);
}

// It was taken, and a rejected text was then one of the label.
TEST_F(LearningCommand, RefusesALabelOfTheModelForRejectedTexts) {
  const Ended run = learn("threshold", {"--other", "NEGATIVE"});

  EXPECT_EQ(run.code, 2);
  EXPECT_THAT(run.err, HasSubstr("other: expected a name that no label of the model has, found 'NEGATIVE'"));
}

}  // namespace
}  // namespace tastevin
