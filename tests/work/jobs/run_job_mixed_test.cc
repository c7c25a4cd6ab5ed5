// Jobs over folders whose files are of several forms.

#include <gmock/gmock.h>

#include "support/fails_with.h"
#include "support/files.h"
#include "work/jobs/run_job_fixture.h"

namespace tastevin {
namespace {

using ::testing::HasSubstr;

// Rows of the table got the values of others, and the program crashed: lines of JSON gave no values to be put before.
TEST_F(RunJob, KeepsEachRowsValuesWhereLinesOfJsonStandBeforeATable) {
  std::filesystem::create_directory(folder_ / "in");
  folder_.write("in/a.jsonl", "{\"text\":\"a wonderful film\",\"id\":\"J0\"}\n");
  folder_.write("in/b.csv", "text,id\na horrible film,C0\na wonderful film,C1\n");
  job_.input = (folder_ / "in").string();
  job_.output = (folder_ / "out.jsonl").string();

  EXPECT_EQ(run_job(bundled(), job_).rows, 3U);

  const std::string out = read_file(job_.output);
  EXPECT_THAT(out, HasSubstr(R"("text":"a wonderful film","id":"J0","label":"POSITIVE")"));
  EXPECT_THAT(out, HasSubstr(R"({"text":"a horrible film","id":"C0","label":"NEGATIVE")"));
  EXPECT_THAT(out, HasSubstr(R"({"text":"a wonderful film","id":"C1","label":"POSITIVE")"));
}

// It was found when the table was opened, perhaps hours later.
TEST_F(RunJob, RefusesATableThatLacksAColumnOfLaterLines) {
  std::filesystem::create_directory(folder_ / "in");
  folder_.write("in/a.jsonl", "{\"text\":\"a\"}\n");
  folder_.write("in/b.csv", "text\nb\n");
  folder_.write("in/c.jsonl", "{\"text\":\"c\",\"extra\":1}\n");
  job_.input = (folder_ / "in").string();
  job_.output = (folder_ / "out.jsonl").string();

  std::size_t told = 0;
  const auto count = [&told](const JobProgress&) { return ++told > 0; };
  EXPECT_THAT([&] { run_job(bundled(), job_, {}, count); }, fails_with(ErrorCode::invalid_argument, "b.csv"));
  EXPECT_EQ(told, 0U);
}

}  // namespace
}  // namespace tastevin
