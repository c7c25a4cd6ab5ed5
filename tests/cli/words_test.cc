// explain and zero-shot, as they print.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "program_under_test.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace tastevin {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

TEST(ExplainCommand, PrintsTheEffectOfEachWord) {
  const Ended run = tastevin({"explain", "The food was not good."});

  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.out, MatchesRegex("NEGATIVE  0\\.[0-9]+\n(  [+-][0-9.]+  [^\n]+\n)+"));
  EXPECT_THAT(run.out, ::testing::ContainsRegex("  [+][0-9.]+  not\n"));
}

TEST(ExplainCommand, PrintsJsonAndWritesAPage) {
  const TemporaryFolder folder;
  const std::string page = (folder / "words.html").string();

  const Ended run = tastevin({"explain", "--json", "--html", page, "--by", "sentence", "Good. \u4E0D\u597D\u3002"});

  const Json found = parse_json(run.out, "output");
  EXPECT_EQ(found.at("effects").size(), 2U);
  EXPECT_EQ(found.at("effects")[1].at("begin"), 6);
  EXPECT_THAT(read_file(page), HasSubstr("<mark class="));
}

// Words of a script without blanks were set apart, and so was every full stop.
TEST(ExplainCommand, SetsWordsApartWhereTheTextDoes) {
  const Ended run =
      run_program({"/usr/bin/env", "script", "-qec", kProgram + " explain '\u4E2D\u6587 good.'", "/dev/null"});

  std::string plain;
  for (std::size_t i = 0; i < run.out.size(); ++i) {
    if (run.out[i] == '\033')
      i = run.out.find('m', i);
    else
      plain += run.out[i];
  }
  EXPECT_THAT(plain, HasSubstr("  \u4E2D\u6587 good.")) << run.out;
}

// A text that is too long ended all, and its line was not named.
TEST(ExplainCommand, NamesTheLineThatItRefuses) {
  const TemporaryFolder folder;
  std::string words;
  for (int i = 0; i < 2500; ++i) words += "a ";
  const auto file = folder.write("lines.txt", "good film\nbad film\n" + words + "\n").string();

  const Ended run = tastevin({"explain", "--file", file});

  EXPECT_EQ(run.code, 2);
  EXPECT_THAT(run.out, HasSubstr("POSITIVE"));
  EXPECT_THAT(run.out, HasSubstr("NEGATIVE"));
  EXPECT_THAT(run.err, HasSubstr("line 3: explain: expected a text of at most 2000 words, found 2500"));
}

TEST(ExplainCommand, NamesTheTextThatItRefusesAmongSeveral) {
  std::string words;
  for (int i = 0; i < 2500; ++i) words += "a ";

  const Ended run = tastevin({"explain", "good film", words});

  EXPECT_EQ(run.code, 2);
  EXPECT_THAT(run.out, HasSubstr("POSITIVE"));
  EXPECT_THAT(run.err, HasSubstr("text 2: explain: expected a text of at most 2000 words, found 2500"));
}

class ZeroShotCommand : public ::testing::Test {
 protected:
  /// The tiny checkpoint with the labels of inference.
  ZeroShotCommand() {
    Json config = read_json_object(std::filesystem::path(model_) / "config.json");
    config["id2label"] = {{"0", "contradiction"}, {"1", "neutral"}, {"2", "entailment"}};
    config.erase("label2id");
    std::ofstream(model_ + "/config.json") << config.dump();
  }

  TemporaryFolder folder_;
  std::string model_ = folder_.copy_of(source_file("tests/golden/tiny/gelu-f32"), "model").string();
};

TEST_F(ZeroShotCommand, PrintsEveryLabelBestFirst) {
  const Ended run =
      tastevin({"zero-shot", "the film was good", "--model", model_, "--labels", "good,bad", "--format", "jsonl"});

  EXPECT_EQ(run.code, 0) << run.err;
  const Json answer = json_lines(run.out).at(0);
  EXPECT_EQ(answer.at("sequence"), "the film was good");
  EXPECT_THAT(answer.at("labels"), ::testing::UnorderedElementsAre("good", "bad"));
  const auto scores = answer.at("scores").get<std::vector<double>>();
  ASSERT_EQ(scores.size(), 2U);
  EXPECT_GE(scores[0], scores[1]);
  EXPECT_NEAR(scores[0] + scores[1], 1, 1e-6);
}

TEST_F(ZeroShotCommand, RefusesAModelThatInfersNothing) {
  const Ended run = tastevin({"zero-shot", "a", "--model", source_file("models/sst2-tiny"), "--labels", "good,bad"});

  EXPECT_EQ(run.code, 5);
  EXPECT_THAT(run.err, HasSubstr("label entailment, found 'NEGATIVE', 'POSITIVE'"));
}

TEST_F(ZeroShotCommand, LabelsTheRowsOfAFile) {
  const auto input = folder_.write("in.csv", "text,topics\nthe film,good|bad\nthe film,plot\n").string();
  const std::string out = (folder_ / "out.csv").string();

  const Ended run = tastevin({"zero-shot", "--input", input, "--output", out, "--column", "text", "--labels-column",
                              "topics", "--multi-label", "--add", "labels", "--model", model_});

  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(read_file(out), ::testing::StartsWith("text,topics,label,score,labels,error\nthe film,good|bad,"));
  EXPECT_THAT(read_file(out), HasSubstr("\nthe film,plot,plot,0."));
}

}  // namespace
}  // namespace tastevin
