#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <optional>

#include "base/json.h"
#include "support/bundled.h"
#include "support/fails_with.h"
#include "support/files.h"
#include "support/temporary_folder.h"
#include "tastevin/job.h"

namespace tastevin {
namespace {

using ::testing::HasSubstr;

class ZeroShotRows : public ::testing::Test {
 protected:
  /// The tiny checkpoint with the labels of inference.
  ZeroShotRows() {
    const auto model = folder_.copy_of(source_file("tests/golden/tiny/gelu-f32"), "model");
    Json config = read_json_object(model / "config.json");
    config["id2label"] = {{"0", "contradiction"}, {"1", "neutral"}, {"2", "entailment"}};
    config.erase("label2id");
    std::ofstream(model / "config.json") << config.dump();
    classifier_.emplace(Classifier::load(model, {.device = "CPU"}));
    job_.output = (folder_ / "out.csv").string();
  }

  std::string labelled(std::string_view input, const ZeroShotJob& zero_shot) {
    job_.input = folder_.write("in.csv", input).string();
    report_ = run_zero_shot_job(*classifier_, job_, zero_shot);
    return read_file(job_.output);
  }

  TemporaryFolder folder_;
  JobOptions job_;
  JobReport report_;
  std::optional<Classifier> classifier_;
};

TEST_F(ZeroShotRows, HaveTheLabelsOfAll) {
  job_.add = {"scores"};
  const std::vector<std::string> texts{"the film was good"};
  const Prediction expected = zero_shot(*classifier_, texts, std::vector<std::string>{"good", "bad"}).front();

  const std::string out =
      labelled("text\nthe film was good\n", {.labels = {"good", "bad"}, .labels_column = {}, .options = {}});

  EXPECT_THAT(out, HasSubstr("text,label,score,score_good,score_bad,error\nthe film was good," + expected.label + ","));
}

// The second one's score was 0.
TEST_F(ZeroShotRows, OfLabelsOfOneNameHaveNoColumnsOfScores) {
  const ZeroShotJob twice{.labels = {"good", "good"}, .labels_column = {}, .options = {}};

  EXPECT_THAT(labelled("text\nfilm\nfilm\n", twice), HasSubstr("film,good,0.5,\nfilm,good,0.5,\n"));
  job_.add = {"scores"};
  EXPECT_THAT([&] { labelled("text\nfilm\n", twice); },
              fails_with(ErrorCode::invalid_argument, "a name of its own for each label"));
}

// Labels with blanks around them were not found among the answers', and scores were written beyond their list.
TEST_F(ZeroShotRows, TakeNoBlanksAroundLabels) {
  job_.add = {"scores"};
  const std::string out =
      labelled("text\nthe film was good\n", {.labels = {"good", " bad"}, .labels_column = {}, .options = {}});

  EXPECT_THAT(out, HasSubstr("text,label,score,score_good,score_bad,error\n"));
  EXPECT_THAT(out, ::testing::Not(HasSubstr(",0,")));
}

// Of a run that failed before its first part a folder was left, which refused the next.
TEST_F(ZeroShotRows, LeaveNothingWhereTheModelCannotAnswer) {
  job_.input = folder_.write("in.csv", "text\na\n").string();
  EXPECT_THAT([&] { run_zero_shot_job(bundled(), job_, {.labels = {"a"}, .labels_column = {}, .options = {}}); },
              fails_with(ErrorCode::unsupported_model, "entailment"));
  EXPECT_FALSE(std::filesystem::exists(job_.output + ".parts"));
}

TEST_F(ZeroShotRows, HaveLabelsOfTheirOwn) {
  const std::string out =
      labelled("text,topics\nthe film was good,good|bad\nslow,\nslow,[\nthe plot,\"[\"\"plot\"\"]\"\n",
               {.labels = {}, .labels_column = "topics", .options = {}});

  EXPECT_THAT(out, HasSubstr("\nthe film was good,good|bad,"));
  EXPECT_THAT(out, HasSubstr("slow,,,,the row has no label\n"));
  EXPECT_THAT(out, HasSubstr("slow,[,,,labels: "));
  EXPECT_THAT(out, HasSubstr(",plot,0."));
  EXPECT_EQ(report_.failed, 2U);
}

// The scores of the other labels were lost.
TEST_F(ZeroShotRows, WithLabelsOfTheirOwnHaveTheirScoresToo) {
  job_.add = {"scores"};
  const std::string out = labelled("text,topics\nthe film was good,good|bad\nslow,\n",
                                   {.labels = {}, .labels_column = "topics", .options = {}});

  EXPECT_THAT(out, HasSubstr("text,topics,label,score,scores,error\nthe film was good,good|bad,"));
  EXPECT_THAT(out, HasSubstr("\"[{\"\"label\"\":\"\""));
  EXPECT_THAT(out, HasSubstr("slow,,,,,the row has no label\n"));
}

// One row's empty label ended the run of all.
TEST_F(ZeroShotRows, MayHaveAnEmptyLabel) {
  const std::string out = labelled("text,topics\nslow,\"[\"\"\"\", \"\"a\"\"]\"\nlong,\"[\"\" \"\"]\"\nthe plot,plot\n",
                                   {.labels = {}, .labels_column = "topics", .options = {}});

  EXPECT_THAT(out, HasSubstr(",,,the row has an empty label\nlong,"));
  EXPECT_THAT(out, HasSubstr("\nthe plot,plot,plot,0."));
  EXPECT_EQ(report_.failed, 2U);
}

TEST_F(ZeroShotRows, NeedLabelsFromOnePlace) {
  for (const ZeroShotJob& zero_shot : {ZeroShotJob{}, ZeroShotJob{{"a"}, "text", {}}})
    EXPECT_THAT([&] { labelled("text\na\n", zero_shot); },
                fails_with(ErrorCode::invalid_argument, "either labels or labels-column"));
}

}  // namespace
}  // namespace tastevin
