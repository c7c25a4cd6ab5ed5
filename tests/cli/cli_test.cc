// The program as its users run it: arguments in; output, messages and exit codes out.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/program_under_test.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace tastevin {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

TEST(Classify, PrintsLabelScoreAndText) {
  const Ended ended = tastevin({"classify", "I had a wonderful day"});

  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.out, "POSITIVE  0.996929  I had a wonderful day\n");
  EXPECT_THAT(ended.err, IsEmpty());
}

TEST(Classify, PrintsAJsonLineAText) {
  const auto answers =
      json_lines(tastevin({"classify", "I had a wonderful day", "bad", "--format", "jsonl", "--top-k", "0"}).out);

  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0]["index"], 0);
  EXPECT_EQ(answers[0]["text"], "I had a wonderful day");
  EXPECT_EQ(answers[0]["label"], "POSITIVE");
  EXPECT_NEAR(answers[0]["score"].get<double>(), 0.996929, 1e-5);
  EXPECT_EQ(answers[0]["scores"].size(), 2U);
  EXPECT_EQ(answers[0]["tokens"], 7);
  EXPECT_EQ(answers[0]["truncated"], false);
  EXPECT_FALSE(answers[0].contains("logits"));
  EXPECT_FALSE(answers[0].contains("labels"));
  EXPECT_EQ(answers[1]["index"], 1);
}

// CLI11 took such a word for a list: two texts without their brackets, or none.
TEST(Classify, TakesATextInBracketsAsItIs) {
  const std::vector<std::string> texts{"[good, bad]", "[]", "[MASK]", "[x]\x01", "["};
  std::vector<std::string> arguments{"classify", "--format", "jsonl"};
  arguments.insert(arguments.end(), texts.begin(), texts.end());

  const auto answers = json_lines(tastevin(arguments).out);

  ASSERT_EQ(answers.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(answers[i].at("text"), texts[i]);
  EXPECT_THAT(tastevin({"tokenize", "[MASK]"}).out, HasSubstr("[MASK]"));
  EXPECT_THAT(tastevin({"inspect", "models", "[a, b]"}).err, HasSubstr("unexpected argument '[a, b]'"));
}

TEST(Flags, OfNumbersTakeThemAsPeopleWriteThem) {
  const auto cut = [](const char* length) {
    return tastevin({"classify", "one two three four five six seven eight nine ten", "--max-length", length}).out;
  };
  EXPECT_EQ(cut("010"), cut("10"));
  for (const char* number : {"0x10", "1e3", "99999999999999999999", "-1", "", "7 "})
    EXPECT_EQ(tastevin({"classify", "x", "--max-length", number}).code, 2) << number;
}

// A variable of a script that was not set: the bundled model answered.
TEST(Flags, OfModelsAndFilesTakeNoEmptyName) {
  EXPECT_EQ(tastevin({"classify", "x", "--model", ""}).code, 2);
  EXPECT_EQ(tastevin({"classify", "x", "--model="}).code, 2);
  EXPECT_EQ(tastevin({"classify", "--file", ""}).code, 2);
}

TEST(Classify, AddsLogitsAndTimingWhenAsked) {
  const auto answers = json_lines(tastevin({"classify", "x", "--format", "jsonl", "--logits", "--timing"}).out);

  EXPECT_EQ(answers[0]["logits"].size(), 2U);
  for (const char* stage : {"load", "tokenize", "infer", "total"})
    EXPECT_TRUE(answers[0]["timing_ms"].contains(stage)) << stage;
}

TEST(Classify, PrintsOneJsonArray) {
  const Json array = parse_json(tastevin({"classify", "--file", "-", "--format", "json"}, "a\nb\n").out, "output");

  EXPECT_EQ(array.size(), 2U);
  EXPECT_EQ(parse_json(tastevin({"classify", "--file", "-", "--format", "json"}).out, "output"), Json::array());
}

TEST(Classify, PrintsTabSeparatedIndexLabelScoreText) {
  const Ended ended = tastevin({"classify", "a\tgood\nday", "--format", "tsv"});

  EXPECT_THAT(ended.out, MatchesRegex("0\tPOSITIVE\t0\\.[0-9]+\ta\\\\tgood\\\\nday\n"));
}

TEST(Classify, ListsTheLabelsThatHoldForAMultiLabelModel) {
  const std::string model = source_file("tests/golden/tiny/relu-f16-multi-label");
  const auto answers =
      json_lines(tastevin({"classify", "", "--model", model, "--format", "jsonl", "--top-k", "0"}).out);

  EXPECT_THAT(answers.at(0)["labels"].get<std::vector<std::string>>(), ElementsAre("cast", "plot"));
  EXPECT_EQ(answers.at(0)["label"], "cast");
}

TEST(Classify, AnswersEveryLineOfAFile) {
  const auto answers =
      json_lines(tastevin({"classify", "--file", "-", "--format", "jsonl"}, "one\r\n\n three \nlast").out);

  std::vector<std::string> texts;
  for (const Json& answer : answers) texts.push_back(answer["text"]);
  EXPECT_THAT(texts, ElementsAre("one", "", " three ", "last"));
}

TEST(Classify, ReadsPastNulBytesAndBrokenUtf8) {
  const auto answers =
      json_lines(tastevin({"classify", "--file", "-", "--format", "jsonl"}, std::string("a\0b\n\xFF\xFE\n", 7)).out);

  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0]["text"].get<std::string>(), std::string("a\0b", 3));
  EXPECT_EQ(answers[1]["text"], "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Classify, DoesNotTakeAByteOrderMarkForText) {
  EXPECT_EQ(
      json_lines(tastevin({"classify", "--file", "-", "--format", "jsonl"}, "\xEF\xBB\xBFgood\n").out).at(0)["text"],
      "good");
}

TEST(Classify, AnswersPipedLinesAsTheyArrive) {
  Conversation program({TASTEVIN_PROGRAM, "classify", "--file", "-"});

  program.say("I had a wonderful day");
  EXPECT_THAT(program.hear(), StartsWith("POSITIVE"));
  program.say("The food was horrible.");
  EXPECT_THAT(program.hear(), StartsWith("NEGATIVE"));

  program.close_input();
  EXPECT_EQ(program.wait(), 0);
}

TEST(Classify, EndsQuietlyWhenItsReaderLeaves) {
  Conversation program({TASTEVIN_PROGRAM, "classify", "--file", "-"});
  program.say("one");
  program.hear();

  program.close_output();
  program.say("two");

  EXPECT_EQ(program.wait(), 128 + 13);
}

TEST(Classify, MarksTruncatedTextsAndWarnsOnce) {
  const Ended ended = tastevin({"classify", "--file", "-", "--max-length", "4", "--format", "jsonl"},
                               "one two three\none\none two three four\n");

  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(json_lines(ended.out).at(0)["truncated"], true);
  EXPECT_EQ(json_lines(ended.out).at(1)["truncated"], false);
  EXPECT_EQ(lines_of(ended.err).size(), 1U);
  EXPECT_THAT(ended.err, HasSubstr("2 of 3 texts"));
}

TEST(Classify, RefusesLongTextsWhenAskedTo) {
  const Ended ended = tastevin({"classify", "one two three", "--max-length", "4", "--truncation", "error"});

  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, StartsWith("tastevin: "));
}

TEST(Classify, PairsEachTextWithTheSecond) {
  const auto answers = json_lines(tastevin({"classify", "a good day", "--pair", "it was", "--format", "jsonl"}).out);

  EXPECT_EQ(answers.at(0)["tokens"], 8);
}

TEST(Classify, PrintsNoColoursIntoAPipe) { EXPECT_THAT(tastevin({"classify", "good"}).out, Not(HasSubstr("\033"))); }

struct Mistake {
  std::string what;
  std::vector<std::string> arguments;
  int code;
  std::string telling;
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.what; }  // NOLINT: GoogleTest's name

class Mistakes : public ::testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, GetOneClearLineAndTheirExitCode) {
  const Ended ended = tastevin(GetParam().arguments);

  EXPECT_EQ(ended.code, GetParam().code);
  EXPECT_THAT(ended.out, IsEmpty());
  EXPECT_EQ(lines_of(ended.err).size(), 1U) << ended.err;
  EXPECT_THAT(ended.err, AllOf(StartsWith("tastevin: "), HasSubstr(GetParam().telling)));
}

INSTANTIATE_TEST_SUITE_P(
    Cli, Mistakes,
    ::testing::Values(
        Mistake{"NoCommand", {}, 2, "expected a command: one of classify"},
        Mistake{"MistypedCommand", {"clasify", "x"}, 2, "expected one of classify, zero-shot, tokenize"},
        Mistake{"UnknownFlag", {"classify", "x", "--modle", "m"}, 2, "unknown flag '--modle'; see tastevin classify"},
        Mistake{"NoText", {"classify"}, 2, "no text"},
        Mistake{"TextAndFile", {"classify", "x", "--file", "f"}, 2, "both"},
        Mistake{"UnknownFormat", {"classify", "x", "--format", "xml"}, 2, "text|json|jsonl|tsv"},
        Mistake{"NegativeTopK", {"classify", "x", "--top-k", "-1"}, 2, "--top-k"},
        Mistake{"NoNumber", {"classify", "x", "--top-k", "two"}, 2, "--top-k: expected a number, found 'two'"},
        Mistake{"TwicePort", {"serve", "--port", "1", "--port", "2"}, 2, "--port: expected once, found 2"},
        Mistake{"MissingFile", {"classify", "--file", "nowhere.txt"}, 3, "nowhere.txt"},
        Mistake{"FolderAsFile", {"classify", "--file", "/tmp"}, 2, "expected a file, found a folder"},
        Mistake{"MissingModel", {"classify", "x", "--model", "./nowhere"}, 3, "nowhere"},
        Mistake{"FileAsModel", {"classify", "x", "--model", "/etc/passwd"}, 3, "expected a folder"},
        Mistake{"MissingDevice", {"classify", "x", "--device", "TPU"}, 3, "TPU"},
        Mistake{"ConvertNothing", {"convert", "./nowhere", "/tmp/out"}, 3, "nowhere"},
        Mistake{"InspectNothing", {"inspect", "./nowhere"}, 3, "nowhere"}),
    [](const auto& which) { return which.param.what; });

// Processors with AVX512-FP16 compute in f16; others would take another type.
TEST(Classify, RefusesAPrecisionThatTheProcessorWouldReplace) {
  const bool computes_in_f16 = read_file("/proc/cpuinfo").find("avx512_fp16") != std::string::npos;

  const Ended ended = tastevin({"classify", "I had a wonderful day", "--precision", "f16"});

  EXPECT_EQ(ended.code, computes_in_f16 ? 0 : 5);
  EXPECT_THAT(ended.out, computes_in_f16 ? HasSubstr("POSITIVE") : HasSubstr(""));
  EXPECT_EQ(lines_of(ended.err).size(), computes_in_f16 ? 0U : 1U) << ended.err;
}

TEST(Tokenize, PrintsAJsonLineAText) {
  const auto lines = json_lines(tastevin({"tokenize", "I had", "x", "--pair", "y"}).out);

  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0]["ids"], Json({101, 1045, 2018, 102, 1061, 102}));
  EXPECT_EQ(lines[0]["tokens"], Json({"[CLS]", "i", "had", "[SEP]", "y", "[SEP]"}));
  EXPECT_EQ(lines[0]["offsets"].dump(), "[[0,0],[0,1],[2,5],[0,0],[0,1],[0,0]]");
  EXPECT_EQ(lines[0]["type_ids"], Json({0, 0, 0, 0, 1, 1}));
  EXPECT_EQ(lines[0]["special"], Json({1, 0, 0, 1, 0, 1}));
}

TEST(Tokenize, LeavesSpecialTokensOutAndCutsWhenAsked) {
  const auto lines = json_lines(tastevin({"tokenize", "one two three", "--no-special", "--max-length", "2"}).out);

  EXPECT_EQ(lines.at(0)["tokens"], Json({"one", "two"}));
}

TEST(Tokenize, TakesAFolderOfTokenizerFilesAlone) {
  const TemporaryFolder folder;
  std::filesystem::copy_file(source_file("models/sst2-tiny/vocab.txt"), folder / "vocab.txt");

  EXPECT_EQ(json_lines(tastevin({"tokenize", "day", "--model", folder.path()}).out).at(0)["ids"],
            Json({101, 2154, 102}));
}

TEST(Convert, WritesAFolderThatAnswersAlike) {
  const TemporaryFolder folder;
  const std::string out = folder / "model";

  const Ended ended = tastevin({"convert", source_file("models/sst2-tiny"), out});

  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.out, HasSubstr("distilbert, 2 labels, weights f16"));
  EXPECT_EQ(tastevin({"classify", "I had a wonderful day", "--model", out}).out,
            "POSITIVE  0.996929  I had a wonderful day\n");
}

TEST(Inspect, ShowsFamilyLayersLabelsAndSizes) {
  EXPECT_THAT(tastevin({"inspect"}).out,
              AllOf(HasSubstr("distilbert"), HasSubstr("4 of width 128"), HasSubstr("0 NEGATIVE, 1 POSITIVE"),
                    HasSubstr("f16"), HasSubstr("9.6 MB")));
}

TEST(DevicesCommand, ListsTheCpu) { EXPECT_THAT(tastevin({"devices"}).out, HasSubstr("CPU  ")); }

TEST(Version, IsPrinted) {
  EXPECT_THAT(tastevin({"--version"}).out, MatchesRegex("tastevin [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(Help, NamesEveryCommandAndGivesAnExample) {
  EXPECT_THAT(tastevin({"--help"}).out, AllOf(HasSubstr("classify"), HasSubstr("convert"), HasSubstr("inspect"),
                                              HasSubstr("devices"), HasSubstr("Example")));
  for (const char* command : {"classify", "convert", "inspect", "devices"}) {
    EXPECT_THAT(tastevin({command, "--help"}).out, HasSubstr("Example")) << command;
  }
}

}  // namespace
}  // namespace tastevin
