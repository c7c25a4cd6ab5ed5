#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "program_under_test.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace tastevin {
namespace {

using ::testing::HasSubstr;

class JobCommand : public ::testing::Test {
 protected:
  std::string rows(std::size_t count) const {
    std::string rows = "id,text\n";
    for (std::size_t i = 0; i < count; ++i)
      rows += std::to_string(i) + (i % 3 == 0 ? ",a wonderful film number " : ",a horrible film number ") +
              std::to_string(i) + "\n";
    return folder_.write("in.csv", rows).string();
  }

  TemporaryFolder folder_;
  std::string out_ = (folder_ / "out.csv").string();
};

TEST_F(JobCommand, WritesTheRowsAndCountsThem) {
  const Ended run = tastevin({"classify", "--input", rows(3), "--output", out_, "--add", "tokens,margin"});

  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.err, HasSubstr("3 rows in "));
  EXPECT_THAT(read_file(out_),
              HasSubstr("id,text,label,score,margin,tokens,error\n0,a wonderful film number 0,POSITIVE,0."));
}

TEST_F(JobCommand, TellsByItsExitCodeThatRowsFailed) {
  const auto input = folder_.write("bad.csv", "id,text\n1,good\n2,too,many\n").string();

  const Ended run = tastevin({"classify", "--input", input, "--output", out_});

  EXPECT_EQ(run.code, 10);
  EXPECT_THAT(run.err, HasSubstr("1 with an error in their row"));
}

TEST_F(JobCommand, SaysNothingWhenQuiet) {
  EXPECT_EQ(tastevin({"classify", "--input", rows(3), "--output", out_, "--quiet"}).err, "");
}

// E14 of tests/reported_bugs.md: a run that broke off began anew, or gave rows twice.
TEST_F(JobCommand, KilledAtAnyMomentGoesOnToTheSameBytes) {
  const std::string input = rows(40'000);
  ASSERT_EQ(tastevin({"classify", "--input", input, "--output", out_}).code, 0);
  const std::string again = (folder_ / "again.csv").string();
  const std::string command = "tastevin classify --input " + input + " --output " + again + " --quiet";

  const std::string run = kProgram + " classify --quiet --resume --input " + input + " --output " + again;
  for (const char* seconds : {"0.3", "1.1", "1.7", "0.9"}) shell("timeout -s KILL " + std::string(seconds) + " " + run);
  // However busy the machine is, once with parts.
  shell(run + " & while [ ! -e " + again + ".parts/000001.part ] && [ ! -e " + again +
        " ]; do sleep 0.02; done; kill -9 $!");
  const Ended last = shell(command + " --resume");

  EXPECT_EQ(last.code, 0) << last.err;
  EXPECT_EQ(read_file(again), read_file(out_));
  EXPECT_FALSE(std::filesystem::exists(again + ".parts"));
}

TEST_F(JobCommand, InterruptedSaysHowToGoOnAndGoesOnToTheSameBytes) {
  const std::string input = rows(60'000);
  ASSERT_EQ(tastevin({"classify", "--input", input, "--output", out_}).code, 0);
  const std::string again = (folder_ / "again.csv").string();

  // Once a part is there it is at work.
  const Ended first = shell(kProgram + " classify --input " + input + " --output " + again + " & while [ ! -e " +
                            again + ".parts/000000.part ]; do sleep 0.02; done; kill -INT $!; wait $!");

  EXPECT_EQ(first.code, 130) << first.err;
  EXPECT_THAT(first.err, HasSubstr("ends after the parts at hand; Ctrl-C again ends at once\n"));
  EXPECT_THAT(first.err, HasSubstr("interrupted: the same command with --resume goes on\n"));
  EXPECT_FALSE(std::filesystem::exists(again));
  const Ended other = tastevin({"classify", "--resume", "--input", input, "--output", again, "--precision", "bf16",
                                "--model", source_file("tests/golden/tiny/gelu-f32")});
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, HasSubstr("again.csv.parts"));
  EXPECT_EQ(tastevin({"classify", "--resume", "--input", input, "--output", again}).code, 0);
  EXPECT_EQ(read_file(again), read_file(out_));
}

// A pipe that stays open and says nothing kept it for ever.
TEST_F(JobCommand, InterruptedLeavesAPipeThatGivesNothing) {
  for (const char* form : {"csv", "jsonl", "txt"}) {
    const std::string first = std::string(form) == "jsonl" ? R"({"text":"good"}\n)" : "text\\ngood\\n";
    const std::string pipe = (folder_ / (std::string("pipe.") + form)).string();
    const Ended run =
        shell("mkfifo " + pipe + "; (printf '" + first + "'; exec sleep 60) > " + pipe + " 2> /dev/null & giver=$!; " +
              kProgram + " classify --input - --input-format " + form + " --output " + out_ + " < " + pipe +
              " & taker=$!; sleep 3; kill -INT $taker; wait $taker; code=$?; kill $giver; exit $code");
    EXPECT_EQ(run.code, 130) << form << run.err;
    EXPECT_FALSE(std::filesystem::exists(out_));
  }
}

// The first word came after a part: minutes for a large model.
TEST_F(JobCommand, ShowsHowFarItIsBeforeItsFirstPartIsDone) {
  std::string long_rows = "text\n";
  for (int i = 0; i < 8000; ++i) long_rows += std::to_string(i) + " film" + std::string(50, '!') + "\n";
  const std::string command =
      kProgram + " classify --output " + out_ + " --input " + folder_.write("long.csv", long_rows).string();

  const Ended run = run_program({"/usr/bin/env", "script", "-qec", command, "/dev/null"});

  EXPECT_THAT(run.out, ::testing::Not(::testing::ContainsRegex(" 0 a second, about")));
  EXPECT_THAT(run.out,
              ::testing::ContainsRegex("[[]#*[.]+[]] [1-7][0-9]{3} rows, [0-9]+ a second, about [0-9]+ s left"));
}

// Packed bytes waited in std::cout when the program ended.
TEST_F(JobCommand, PacksAllOfStandardOutputThoughARowFails) {
  const auto input = folder_.write("bad.csv", "id,text\n1,good\n2,too,many\n").string();
  const std::string packed = (folder_ / "out.csv.gz").string();

  EXPECT_EQ(shell("tastevin classify --quiet --output - --output-format csv.gz --input " + input + " > " + packed).code,
            10);
  const Ended unpacked = run_program({"/bin/gzip", "-dc", packed});

  EXPECT_EQ(unpacked.code, 0) << unpacked.err;
  EXPECT_THAT(unpacked.out, HasSubstr("id,text,label,score,error\n1,good,"));
  EXPECT_THAT(unpacked.out, HasSubstr("expected 2 values, found 3"));
}

TEST_F(JobCommand, SaysThatPackedStandardOutputCannotBeWritten) {
  const Ended run =
      shell("tastevin classify --quiet --output - --output-format csv.gz --input " + rows(3) + " > /dev/full");

  EXPECT_EQ(run.code, 7);
  EXPECT_THAT(run.err, HasSubstr("standard output: cannot be written"));
}

// Both ways flags were taken and did nothing; without --input nothing was written at all.
TEST_F(JobCommand, RefusesFlagsThatWouldDoNothing) {
  const std::string input = rows(1);
  const std::vector<std::vector<std::string>> of_texts{{"a text"},           {"--file", input}, {"--pair", "b"},
                                                       {"--format", "tsv"},  {"--timing"},      {"--top-k", "1"},
                                                       {"--threshold", "0"}, {"--logits"}};
  for (const std::vector<std::string>& flags : of_texts) {
    std::vector<std::string> arguments{"classify", "--input", input, "--output", out_};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const Ended run = tastevin(arguments);
    EXPECT_EQ(run.code, 2) << flags.front();
    EXPECT_THAT(run.err, HasSubstr("is not for --input"));
  }
  for (const std::vector<std::string>& flags : std::vector<std::vector<std::string>>{{"--output", out_},
                                                                                     {"--column", "text"},
                                                                                     {"--resume"},
                                                                                     {"--add", "tokens"},
                                                                                     {"--id-column", "id"},
                                                                                     {"--quiet"}}) {
    std::vector<std::string> arguments{"classify", "--file", input};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const Ended run = tastevin(arguments);
    EXPECT_EQ(run.code, 2) << flags.front();
    EXPECT_THAT(run.err, HasSubstr(flags.front() + " is for the rows of --input"));
  }
}

TEST_F(JobCommand, AsksForAnOutput) {
  const Ended run = tastevin({"classify", "--input", rows(1)});

  EXPECT_EQ(run.code, 2);
  EXPECT_THAT(run.err, HasSubstr("--output"));
}

}  // namespace
}  // namespace tastevin
