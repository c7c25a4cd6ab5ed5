#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/fails_with.h"
#include "work/jobs/run_job_fixture.h"
#include "work/tables/reader.h"

namespace tastevin {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(RunJob, AddsColumnsAndKeepsValues) {
  const std::string out =
      output("in.csv", "id,text,price\n007,\"wonderful, really\",1.10\n,a horrible film,NA\n", "out.csv");

  EXPECT_THAT(out, HasSubstr("id,text,price,label,score,error\n007,\"wonderful, really\",1.10,POSITIVE,0."));
  EXPECT_THAT(out, HasSubstr("\n,a horrible film,NA,NEGATIVE,0."));
  EXPECT_EQ(report_.rows, 2U);
  EXPECT_EQ(report_.failed, 0U);
}

// E12 of tests/reported_bugs.md: rows with line ends in them gave more answers than rows.
TEST_F(RunJob, GivesEachRowOneAnswerWhateverLinesItHas) {
  const std::string out = output("in.csv", "id,text\n1,\"good\n\nfilm\"\n2,\"a\r\nbad\nfilm\"\n", "out.jsonl");
  EXPECT_EQ(report_.rows, 2U);
  EXPECT_EQ(std::ranges::count(out, '\n'), 2);
  EXPECT_THAT(out, HasSubstr(R"({"id":"1","text":"good\n\nfilm","label":"POSITIVE")"));
}

TEST_F(RunJob, ReadsTheFilesOfAFolderAsOne) {
  std::filesystem::create_directory(folder_ / "in");
  folder_.write("in/b.csv", "id,text\n2,a horrible film\n");
  folder_.write("in/a.csv", "id,text\n1,a wonderful film\n");
  folder_.write("in/.hidden.csv", "nonsense\n");
  for (const char* input : {"in", "in/*.csv", "in/[ab].csv"}) {
    job_.input = (folder_ / input).string();
    job_.output = (folder_ / "out.csv").string();
    EXPECT_EQ(run_job(bundled(), job_).rows, 2U);
    const std::string labelled = read_file(job_.output);
    const std::size_t first = labelled.find("\n1,a wonderful film,POSITIVE,");
    EXPECT_LT(first, labelled.find("\n2,a horrible film,NEGATIVE,")) << labelled;
  }
}

TEST_F(RunJob, RefusesFilesOfOtherColumns) {
  std::filesystem::create_directory(folder_ / "in");
  folder_.write("in/a.csv", "id,text\n1,a wonderful film\n");
  folder_.write("in/b.csv", "key,text\n2,a horrible film\n");
  job_.input = (folder_ / "in").string();
  job_.output = (folder_ / "out.csv").string();

  // It ended the run when all files before it were done, and what was done could not be gone on with.
  std::size_t told = 0;
  const auto count = [&told](const JobProgress&) { return ++told > 0; };
  EXPECT_THAT([&] { run_job(bundled(), job_, {}, count); }, fails_with(ErrorCode::invalid_argument, "'key'"));
  EXPECT_EQ(told, 0U);
  EXPECT_FALSE(std::filesystem::exists(job_.output + ".parts"));
}

TEST_F(RunJob, SaysWhenNoFileMatches) {
  job_.output = (folder_ / "out.csv").string();
  for (const char* input : {"*.csv", "none.csv"}) {
    job_.input = (folder_ / input).string();
    EXPECT_THAT([&] { run_job(bundled(), job_); }, fails_with(ErrorCode::not_found, input));
  }
}

TEST_F(RunJob, KeepsTheIdAloneWhenAskedTo) {
  job_.id_column = "id";

  EXPECT_THAT(output("in.csv", "id,text,price\n007,a wonderful film,1.10\n", "out.csv"),
              HasSubstr("id,label,score,error\n007,POSITIVE,0."));
  EXPECT_THAT(output("in.jsonl", "{\"id\": \"x7\", \"text\": \"a wonderful film\"}\n", "out.jsonl"),
              ::testing::StartsWith("{\"id\":\"x7\",\"label\":\"POSITIVE\","));
}

TEST_F(RunJob, NamesTheColumnsWhenThatOfTheIdIsMissing) {
  job_.id_column = "key";

  EXPECT_THAT([&] { output("in.csv", "id,text\n1,a\n", "out.csv"); }, fails_with(ErrorCode::not_found, "'id'"));
}

TEST_F(RunJob, KeepsTheObjectsOfJsonLines) {
  const std::string out = output("in.jsonl", "{\"text\": \"a wonderful film\", \"n\": 1.10}\nnonsense\n", "out.jsonl");

  EXPECT_THAT(out, HasSubstr("{\"text\": \"a wonderful film\", \"n\": 1.10,\"label\":\"POSITIVE\",\"score\":0."));
  EXPECT_THAT(out, HasSubstr("{\"line\":\"nonsense\",\"label\":null,\"score\":null,\"error\":\"line 2:"));
  EXPECT_EQ(report_.failed, 1U);
}

TEST_F(RunJob, TurnsOneFormIntoAnother) {
  EXPECT_THAT(output("in.csv", "text,n\na wonderful film,1\n", "out.jsonl"),
              HasSubstr("{\"text\":\"a wonderful film\",\"n\":\"1\",\"label\":\"POSITIVE\""));
  EXPECT_THAT(output("in.jsonl", "{\"text\": \"a wonderful film\"}\n", "out.tsv"),
              HasSubstr("text\tlabel\tscore\terror\na wonderful film\tPOSITIVE\t"));
  EXPECT_THAT(output("in.txt", "a wonderful film\n\n", "out.csv"), HasSubstr("\n,"));
}

// A parsed number is printed anew: 1.10 became 1.1, and long ones lost digits.
TEST_F(RunJob, KeepsTheBytesAndTheOrderOfJsonValues) {
  const char* const row =
      "{\"text\": \"a wonderful film\", \"n\": 1.10, \"big\": 12345678901234567890123, \"a\": [1]}\n";

  EXPECT_THAT(output("in.jsonl", row, "out.csv"),
              HasSubstr("text,n,big,a,label,score,error\na wonderful film,1.10,12345678901234567890123,[1],POSITIVE,"));
  job_.id_column = "big";
  EXPECT_THAT(output("in.jsonl", row, "out.jsonl"), HasSubstr("{\"big\":12345678901234567890123,\"label\":"));
}

// What has no text was classified as an empty one.
TEST_F(RunJob, GivesARowWithoutATextAnError) {
  const std::string out = output("in.jsonl", "{\"text\": \"\"}\n{\"text\": null}\n{\"txt\": \"x\"}\n", "out.jsonl");

  EXPECT_THAT(out, HasSubstr("{\"text\": \"\",\"label\":\"POSITIVE\""));
  EXPECT_THAT(
      out,
      HasSubstr("{\"text\": null,\"label\":null,\"score\":null,\"error\":\"there is no value in the column 'text'\"}"));
  EXPECT_EQ(report_.failed, 2U);
}

TEST_F(RunJob, ShowsABrokenLineInItsErrorWhereAColumnCannotHoldIt) {
  EXPECT_THAT(output("in.jsonl", "{\"text\": \"good\"}\n{broken\n", "out.csv"), HasSubstr("'{broken'"));
}

// The next run read the output of the one before.
TEST_F(RunJob, RefusesAnOutputThatItWouldReadTheNextTime) {
  std::filesystem::create_directory(folder_ / "in");
  folder_.write("in/a.csv", "text\na wonderful film\n");
  for (const char* input : {"in", "in/*.csv", "./in/*.csv", "in/../in/*.csv", "*/*.csv"}) {
    job_.input = (folder_ / input).string();
    job_.output = (folder_ / "in/all.csv").string();
    EXPECT_THAT([&] { run_job(bundled(), job_); }, fails_with(ErrorCode::invalid_argument, "is read as input too"));
  }
  job_.output = (folder_ / "in/all.jsonl").string();
  EXPECT_EQ(run_job(bundled(), job_).rows, 1U);
}

TEST_F(RunJob, NamesTheFileOfARowThatIsBrokenAmongSeveral) {
  std::filesystem::create_directory(folder_ / "in");
  folder_.write("in/a.csv", "id,text\n1,good\n");
  folder_.write("in/b.csv", "id,text\n2,good\n3\n");
  job_.input = (folder_ / "in").string();
  job_.output = (folder_ / "out.csv").string();

  EXPECT_EQ(run_job(bundled(), job_).failed, 1U);
  EXPECT_THAT(read_file(job_.output), HasSubstr("in/b.csv': row 2: expected 2 values, found 1"));
}

TEST_F(RunJob, RefusesToReplaceItsInput) {
  EXPECT_THAT([&] { output("same.csv", "text\na\n", "./same.csv"); },
              fails_with(ErrorCode::invalid_argument, "is read as input too"));
}

TEST_F(RunJob, RefusesTwoColumnsOfOneNameWhereTheyWouldBeOne) {
  EXPECT_THAT([&] { output("in.csv", "a,a,text\n1,2,good\n", "out.jsonl"); },
              fails_with(ErrorCode::invalid_argument, "'a' twice"));
  EXPECT_THAT([&] { output("in.csv", "a,a,text\n1,2,good\n", "out.parquet"); },
              fails_with(ErrorCode::invalid_argument, "'a' twice"));
  EXPECT_THAT([&] { output("in.csv", "\xFF,text\n1,good\n", "out.parquet"); },
              fails_with(ErrorCode::invalid_argument, "in UTF-8"));
  EXPECT_THAT(output("in.csv", "a,a,text\n1,2,good\n", "out.csv"), HasSubstr("\n1,2,good,"));
}

// The first long text ended a run of hours.
TEST_F(RunJob, RefusesWindowsThatCannotMoveOnBeforeItWorks) {
  ClassifyOptions options;
  options.long_text = LongText::window;
  options.window = options.stride = 64;

  EXPECT_THAT([&] { output("in.csv", "text\nshort\n", "out.csv", options); },
              fails_with(ErrorCode::invalid_argument, "stride 64: expected at most half of the 62 tokens"));
  job_.pair_column = "b";
  options.stride = 0;
  EXPECT_THAT([&] { output("in.csv", "text,b\nshort,a\n", "out.csv", options); },
              fails_with(ErrorCode::invalid_argument, "pair-truncation"));
}

TEST_F(RunJob, ReadsAndWritesTsvWithQuotesWhereAskedTo) {
  job_.input_format = "quoted-tsv";
  job_.output_format = "quoted-tsv";

  EXPECT_THAT(output("in.tsv", "id\ttext\n1\t\"a wonderful\tfilm\"\n", "out.tsv"),
              HasSubstr("\n1\t\"a wonderful\tfilm\"\tPOSITIVE\t"));
}

TEST_F(RunJob, GivesABadRowItsErrorAndGoesOn) {
  std::string long_text;
  for (int i = 0; i < 600; ++i) long_text += "word ";
  ClassifyOptions options;
  options.truncation = Truncation::error;

  const std::string out =
      output("in.csv",
             "id,text\n1,a wonderful film\n2,broken \xFF bytes\n3," + long_text + "\n4,too,many\n5,a horrible film\n",
             "out.csv", options);

  EXPECT_THAT(out, HasSubstr("\n1,a wonderful film,POSITIVE,"));
  EXPECT_THAT(out, HasSubstr(",,,the text is not UTF-8\n"));
  EXPECT_THAT(out, HasSubstr(" tokens"));
  EXPECT_THAT(out, HasSubstr("expected 2 values, found 3"));
  EXPECT_THAT(out, HasSubstr("\n5,a horrible film,NEGATIVE,"));
  EXPECT_EQ(report_.rows, 5U);
  EXPECT_EQ(report_.failed, 3U);
}

TEST_F(RunJob, AnswersAsTheClassifierDoes) {
  job_.add = {"scores"};
  const std::string out = output("in.txt", "I had a wonderful day\nThe food was horrible.\n", "out.csv");

  EXPECT_THAT(out, HasSubstr("I had a wonderful day,POSITIVE,0.9969"));
}

TEST_F(RunJob, EndedAfterAnyPartGoesOnToTheSameBytes) {
  const std::string undisturbed = output("in.csv", many_rows(), "out.csv");
  EXPECT_EQ(report_.rows, 40'000U);
  EXPECT_GT(report_.repeated, 0U);

  job_.output = (folder_ / "again.csv").string();
  for (int run = 0; run < 2; ++run) {
    job_.resume = run > 0;
    const JobReport ended = run_job(bundled(), job_, {}, [](const JobProgress&) { return false; });
    EXPECT_TRUE(ended.interrupted);
    EXPECT_FALSE(std::filesystem::exists(job_.output));
  }
  job_.resume = true;
  const JobReport last = run_job(bundled(), job_);

  EXPECT_EQ(last.rows, 40'000U);
  EXPECT_EQ(last.resumed, 8'192U);  // two runs of two parts
  EXPECT_EQ(read_file(job_.output), undisturbed);
}

// Its failed rows were not told of, and the exit code was 0.
TEST_F(RunJob, ThatGoesOnTellsOfAllRowsAsOneThatWasNotEnded) {
  const std::string rows = "id,text\n1,a,b\n" + many_rows().substr(8);
  output("in.csv", rows, "out.csv");
  EXPECT_EQ(report_.failed, 1U);

  job_.output = (folder_ / "again.csv").string();
  run_job(bundled(), job_, {}, [](const JobProgress&) { return false; });
  job_.resume = true;
  const JobReport last = run_job(bundled(), job_);

  EXPECT_EQ(last.failed, 1U);
  EXPECT_EQ(last.repeated, report_.repeated);
}

// One file's key order was "other columns", and a key that the first object had not was lost.
TEST_F(RunJob, ReadsJsonLinesOfSeveralFilesByTheirKeys) {
  std::filesystem::create_directory(folder_ / "days");
  folder_.write("days/1.jsonl", R"({"id":1,"text":"good"})");
  folder_.write("days/2.jsonl", R"({"text":"bad","note":"late","id":2})");
  job_.input = (folder_ / "days").string();
  job_.column = "text";
  job_.output = (folder_ / "out.csv").string();

  run_job(bundled(), job_);

  EXPECT_THAT(read_file(job_.output), ::testing::StartsWith("id,text,note,label,score,error\n1,good,,POSITIVE,"));
  EXPECT_THAT(read_file(job_.output), HasSubstr("\n2,bad,late,NEGATIVE,"));
}

// All parts were there, and the output was left to another run.
TEST_F(RunJob, EndedDuringItsLastPartIsFinished) {
  for (const std::size_t rows : {std::size_t{3}, std::size_t{2048}}) {
    std::string input;
    for (std::size_t i = 0; i < rows; ++i) input += "good\n";
    job_.input = folder_.write("in.txt", input).string();
    job_.output = (folder_ / "out.csv").string();

    const JobReport report = run_job(bundled(), job_, {}, [](const JobProgress&) { return false; });

    EXPECT_FALSE(report.interrupted) << rows;
    EXPECT_EQ(report.rows, rows);
    EXPECT_THAT(read_file(job_.output), ::testing::StartsWith("text,label,score,error\ngood,POSITIVE,"));
  }
}

TEST_F(RunJob, DoesNotGoOnWithOtherOptions) {
  output("in.csv", many_rows(), "out.csv");
  job_.output = (folder_ / "again.csv").string();
  run_job(bundled(), job_, {}, [](const JobProgress&) { return false; });

  job_.resume = true;
  job_.add = {"tokens"};
  EXPECT_THAT([&] { run_job(bundled(), job_); }, fails_with(ErrorCode::invalid_argument, "other options"));
  job_.add = {};
  ClassifyOptions options;
  options.max_length = 100;
  EXPECT_THAT([&] { run_job(bundled(), job_, options); }, fails_with(ErrorCode::invalid_argument, "other options"));
}

// Of the input only names and sizes were compared.
TEST_F(RunJob, DoesNotGoOnWithAnEditedInputOfTheSameSize) {
  std::string rows = many_rows();
  job_.input = folder_.write("in.csv", rows).string();
  job_.output = (folder_ / "out.csv").string();
  run_job(bundled(), job_, {}, [](const JobProgress&) { return false; });

  job_.resume = true;
  for (const std::size_t at : {std::size_t{30}, rows.size() - 2}) {
    std::string edited = rows;
    edited.at(at) = 'x';
    folder_.write("in.csv", edited);
    EXPECT_THAT([&] { run_job(bundled(), job_); }, fails_with(ErrorCode::invalid_argument, "another model, input"));
  }
  folder_.write("in.csv", rows);
  EXPECT_GT(run_job(bundled(), job_).resumed, 0U);
}

TEST_F(RunJob, PacksTextForms) {
  for (const char* name : {"out.csv.gz", "out.csv.zst"}) {
    output("in.csv", "id,text\n1,a wonderful film\n", name);
    const auto columns = tables::read_columns(job_.output, {"id", "label"});
    EXPECT_THAT(columns[0], ElementsAre("1"));
    EXPECT_THAT(columns[1], ElementsAre("POSITIVE"));
  }
}

TEST_F(RunJob, TakesTheFormsThatItIsTold) {
  job_.input_format = "csv";
  job_.output_format = "jsonl";

  EXPECT_THAT(output("in.data", "id,text\n1,a wonderful film\n", "out.data"),
              ::testing::StartsWith("{\"id\":\"1\",\"text\":\"a wonderful film\",\"label\":\"POSITIVE\""));
  job_.input_format = "xlsx";
  EXPECT_THAT([&] { output("in.data", "id,text\n", "other.csv"); }, fails_with(ErrorCode::invalid_argument, "'xlsx'"));
}

TEST_F(RunJob, WritesTheHeaderOfNoRows) {
  EXPECT_EQ(output("in.csv", "id,text\n", "out.csv"), "id,text,label,score,error\n");
  EXPECT_EQ(output("in.txt", "", "out.jsonl"), "");
  output("in.csv", "id,text\n", "out.parquet");
  EXPECT_EQ(tables::open(std::filesystem::path(job_.output))->names().size(), 5U);
  EXPECT_EQ(report_.rows, 0U);
}

TEST_F(RunJob, SaysHowManyRowsToExpect) {
  job_.input = folder_.write("in.csv", many_rows()).string();
  job_.output = (folder_ / "out.csv").string();
  std::vector<std::size_t> expected;
  run_job(bundled(), job_, {}, [&](const JobProgress& progress) {
    expected.push_back(progress.expected_rows.value_or(0));
    return true;
  });

  for (const std::size_t rows : expected) EXPECT_NEAR(static_cast<double>(rows), 40'000, 4'000);
  EXPECT_EQ(expected.back(), 40'000U);
}

TEST_F(RunJob, SaysHowFarItIsWhileAPartIsAnswered) {
  job_.input = folder_.write("in.csv", many_rows()).string();
  job_.output = (folder_ / "out.csv").string();
  std::vector<std::size_t> rows;
  run_job(bundled(), job_, {}, [&](const JobProgress& progress) {
    rows.push_back(progress.rows);
    return true;
  });

  EXPECT_TRUE(std::ranges::is_sorted(rows));
  EXPECT_EQ(rows.back(), 40'000U);
}

// They were taken and had no effect.
TEST_F(RunJob, RefusesOptionsThatAddStandsFor) {
  std::vector<ClassifyOptions> idle(3);
  idle[0].top_k = 0;
  idle[1].threshold = 0.5F;
  idle[2].logits = true;
  for (const ClassifyOptions& options : idle)
    EXPECT_THAT([&] { output("in.txt", "good\n", "out.csv", options); },
                fails_with(ErrorCode::invalid_argument, "add"));
}

TEST_F(RunJob, RefusesWhatItDoesNotKnowBeforeItWorks) {
  EXPECT_THAT([&] { output("in.csv", "a,b\n1,2\n", "out.csv"); }, fails_with(ErrorCode::not_found, "'a', 'b'"));
  EXPECT_THAT([&] { output("in.csv", "text\na\n", "out.xlsx"); }, fails_with(ErrorCode::invalid_argument, "out.xlsx"));
  EXPECT_THAT([&] { output("in.csv", "", "out.csv"); }, fails_with(ErrorCode::invalid_argument, "in.csv"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out.csv.parts"));
}

}  // namespace
}  // namespace tastevin
