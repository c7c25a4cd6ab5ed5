// Lines in, lines out: what ends a text, what keeps its order, and where output cannot go.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "cli/program_under_test.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace tastevin {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::vector<std::string> texts_of(const std::string& input) {
  std::vector<std::string> texts;
  for (const Json& answer : json_lines(tastevin({"classify", "--file", "-", "--format", "jsonl"}, input).out)) {
    texts.push_back(answer.at("text"));
  }
  return texts;
}

// Texts with a NUL behind each letter were answered, and one more than there were lines.
TEST(Lines, OfUtf16AreRefused) {
  for (const std::string mark : {"\xFF\xFE", "\xFE\xFF"}) {
    const Ended run = tastevin({"classify", "--file", "-"}, mark + "good\n");
    EXPECT_EQ(run.code, 2);
    EXPECT_THAT(run.err, HasSubstr("expected UTF-8, found UTF-16"));
  }
}

TEST(Lines, AreWaitedForWhereThePipeDoesNot) {
  const Ended run =
      shell(std::string("{ sleep 0.3; echo good; } | python3 -c 'import os, sys; os.set_blocking(0, False); "
                        "os.execv(sys.argv[1], sys.argv[1:])' ") +
            kProgram + " classify --file - --format tsv");
  EXPECT_THAT(run.out, HasSubstr("\tgood\n"));
}

TEST(Lines, EndAtALineFeedAndNowhereElse) {
  EXPECT_THAT(texts_of("a\rb\n"), ElementsAre("a\rb"));
  EXPECT_THAT(texts_of("a\x0b\x0c\x1c\n"), ElementsAre("a\x0b\x0c\x1c"));
  EXPECT_THAT(texts_of("a\u0085b\u2028c\n"), ElementsAre("a\u0085b\u2028c"));
}

TEST(Lines, LoseOneCarriageReturnBeforeTheLineFeed) { EXPECT_THAT(texts_of("a\r\r\n"), ElementsAre("a\r")); }

// While little had come it was looked for at the start of each line.
TEST(Lines, LoseAByteOrderMarkAtTheStartOfAllAlone) {
  const auto texts = [](const std::string& producer) {
    std::vector<std::string> all;
    for (const Json& answer : json_lines(shell(producer + " | tastevin classify --file - --format jsonl").out))
      all.push_back(answer.at("text"));
    return all;
  };

  EXPECT_THAT(texts("printf '\\357\\273\\277good\\n'"), ElementsAre("good"));
  EXPECT_THAT(texts("{ printf 'a\\n'; sleep 0.2; printf '\\357\\273\\277good\\n'; }"), ElementsAre("a", "\uFEFFgood"));
}

TEST(Lines, ThatAreBlankAreTextsAtTheEndToo) { EXPECT_THAT(texts_of("a\n\n\n"), ElementsAre("a", "", "")); }

// Of three lines whose second was too long nothing was answered, and no line was named.
TEST(Lines, BeforeOneThatIsRefusedAreAnsweredAndItIsNamed) {
  const std::string input = "good\n" + std::string(700, '!') + "\nbad\n";

  const Ended run = tastevin({"classify", "--file", "-", "--truncation", "error", "--format", "tsv"}, input);

  EXPECT_EQ(run.code, 2);
  EXPECT_THAT(run.out, HasSubstr("POSITIVE"));
  EXPECT_EQ(lines_of(run.out).size(), 1U);
  EXPECT_THAT(run.err, HasSubstr("line 2: the text has 702 tokens"));
}

TEST(Lines, KeepTheirOrderOverManyBatches) {
  std::string input;
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < 1000; ++i) {
    expected.push_back(std::to_string(i) + " " + std::string(i % 50, 'x'));
    input += expected.back() + "\n";
  }

  EXPECT_EQ(texts_of(input), expected);
}

TEST(Output, IsTheSameForTheSameInput) {
  const std::vector<std::string> arguments{"classify", "good", "bad", "", "--format", "jsonl", "--logits"};

  EXPECT_EQ(tastevin(arguments).out, tastevin(arguments).out);
}

TEST(Output, ThatCannotBeWrittenIsAnError) {
  const Ended ended = shell("tastevin classify happy > /dev/full");

  EXPECT_EQ(ended.code, 7);
  EXPECT_THAT(ended.err, HasSubstr("standard output"));
}

// Only what was checked by its own command was checked.
TEST(Output, ThatCannotBeWrittenIsAnErrorOfEveryCommand) {
  const std::string data = source_file("examples/labelled.tsv").string();
  for (const std::string& command :
       {"evaluate --data '" + data + "'", std::string("inspect"), std::string("devices"), std::string("explain good"),
        std::string("tokenize good"), std::string("--help"), std::string("--version")}) {
    const Ended ended = shell("tastevin " + command + " > /dev/full");
    EXPECT_EQ(ended.code, 7) << command;
    EXPECT_THAT(ended.err, HasSubstr("standard output: cannot be written")) << command;
  }
}

TEST(Output, OfAnEndlessInputStopsWithItsReader) {
  const Ended ended = shell("yes good | tastevin classify --file - --format tsv | head -n 1");

  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.out, StartsWith("0\t"));
}

TEST(Output, HasColoursOnATerminal) {
  const Ended ended = run_program({"/usr/bin/script", "-qec", kProgram + " devices", "/dev/null"});

  EXPECT_THAT(ended.out, HasSubstr("\033["));
}

TEST(DamagedWeights, EndTheProgramWithTheirOwnCode) {
  const TemporaryFolder folder;
  const std::filesystem::path model = folder.copy_of(source_file("tests/golden/tiny/gelu-f32"), "model");
  const auto whole = std::filesystem::file_size(model / "model.safetensors");

  for (const std::uintmax_t size : {whole - 1, whole / 2, std::uintmax_t{100}, std::uintmax_t{8}, std::uintmax_t{0}}) {
    std::filesystem::resize_file(model / "model.safetensors", size);
    const Ended ended = tastevin({"classify", "x", "--model", model.string()});
    EXPECT_EQ(ended.code, 4) << size;
    EXPECT_THAT(ended.err, HasSubstr("model.safetensors")) << size;
  }
}

}  // namespace
}  // namespace tastevin
