// Jobs whose input or output has types: Parquet and Arrow.

#include <gmock/gmock.h>

#include "support/table_values.h"
#include "work/jobs/run_job_fixture.h"
#include "work/tables/reader.h"
#include "work/tables/typed_part.h"

namespace tastevin {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(RunJob, WritesTablesOfTypesThatReadBack) {
  for (const char* name : {"out.parquet", "out.arrow", "out.feather", "out.arrows", "out.arrows.zst"}) {
    job_.add = {"tokens", "scores"};
    output("in.csv", "id,text\n007,a wonderful film\n8,a horrible \xC3\xBC film\n9,too,many\n", name);

    const std::filesystem::path file = job_.output;
    const auto reader = tables::open(file);
    EXPECT_THAT(reader->names(), ElementsAre("id", "text", "label", "score", "scores", "tokens", "error"));
    EXPECT_THAT(reader->types(), HasSubstr("id: string\ntext: string\nlabel: string\nscore: float\nscores: list<"));
    const auto columns = reader->next()->columns;
    EXPECT_THAT(columns[0], ElementsAre("007", "8", ""));
    EXPECT_THAT(columns[1], ElementsAre("a wonderful film", "a horrible \xC3\xBC film", ""));
    EXPECT_THAT(columns[2], ElementsAre("POSITIVE", "NEGATIVE", ""));
    EXPECT_THAT(columns[4][0], ::testing::StartsWith("[0.0"));
    EXPECT_THAT(columns[5], ElementsAre("5", "6", ""));
    EXPECT_THAT(columns[6][2], HasSubstr("expected 2 values, found 3"));
  }
}

TEST_F(RunJob, KeepsTheBytesOfAColumnThatIsNotUtf8) {
  output("in.csv", "id,text\n\xFF,a wonderful film\n", "out.parquet");

  const auto reader = tables::open(std::filesystem::path(job_.output));
  EXPECT_THAT(reader->types(), HasSubstr("id: binary\ntext: string"));
  EXPECT_THAT(reader->next()->columns[0], ElementsAre("\xFF"));
}

TEST_F(RunJob, KeepsTheTypesOfATable) {
  job_.input = source_file("tests/golden/tables/rows.parquet");
  job_.column = "text";
  for (const char* name : {"out.parquet", "out.arrow"}) {
    job_.output = (folder_ / name).string();
    run_job(bundled(), job_);

    const auto after = tables::open(std::filesystem::path(job_.output));
    EXPECT_THAT(after->types(), HasSubstr("label: int64"));
    EXPECT_THAT(after->types(), HasSubstr("truth: bool"));
    EXPECT_THAT(after->types(), HasSubstr("dictionary: string"));
    const std::vector<std::string> names{"text", "large", "dictionary", "bytes", "truth"};
    EXPECT_EQ(tables::values_of(job_.output, names), tables::values_of(job_.input, names));
  }
}

TEST_F(RunJob, KeepsTheTypesOfATableInJsonLinesToo) {
  job_.input = source_file("tests/golden/tables/rows.parquet");
  job_.output = (folder_ / "out.jsonl").string();
  job_.column = "text";
  run_job(bundled(), job_);

  const std::string out = read_file(job_.output);
  EXPECT_THAT(out, HasSubstr("\"label\":1,"));
  EXPECT_THAT(out, HasSubstr("\"truth\":true"));
  EXPECT_THAT(out, HasSubstr("\"text\":null"));
  EXPECT_THAT(out, HasSubstr("\"dictionary\":\"a\""));

  const std::string lines = "{\"text\":\"a\",\"id\":null}\n{\"text\":\"b\"}\n{\"text\":\"c\",\"id\":1}\n";
  job_.column.clear();
  output("in.jsonl", lines, "out.parquet");
  const auto rows = tables::open(std::filesystem::path(job_.output))->next();
  EXPECT_TRUE(rows->is_missing(1, 0) && rows->is_missing(1, 1) && !rows->is_missing(1, 2));
}

// A shard without rows had another schema than the others.
TEST_F(RunJob, KeepsTheTypesOfATableWithoutRows) {
  const std::vector<tables::AddedColumn> columns{{"text", tables::ValueType::text, {}},
                                                 {"id", tables::ValueType::count, {}},
                                                 {"truth", tables::ValueType::truth, {}}};
  const auto part =
      folder_.write("part", tables::typed_part({tables::Rows{}, {}, {}, columns, {}}, tables::Form::parquet));
  for (const char* name : {"none.parquet", "none.arrow", "none.arrows"}) {
    tables::join_typed_parts({part}, tables::format_of(name), folder_ / name);
    job_.input = (folder_ / name).string();
    job_.column = "text";
    job_.output = (folder_ / "out.parquet").string();

    EXPECT_EQ(run_job(bundled(), job_).rows, 0U);
    EXPECT_THAT(tables::open(std::filesystem::path(job_.output))->types(),
                ::testing::StartsWith("text: string\nid: uint64\ntruth: bool\nlabel: string\nscore: float"));
  }
}

TEST_F(RunJob, GoesOnWithTypedPartsToTheSameBytes) {
  const std::string undisturbed = output("in.csv", many_rows(), "out.parquet");
  job_.output = (folder_ / "again.parquet").string();
  EXPECT_TRUE(run_job(bundled(), job_, {}, [](const JobProgress&) { return false; }).interrupted);
  job_.resume = true;
  run_job(bundled(), job_);

  EXPECT_EQ(read_file(job_.output), undisturbed);
}

// What the first file said of a column was taken for the others: texts stood in JSON without quotes.
TEST_F(RunJob, TellsTheTypesOfEachFileApart) {
  std::filesystem::create_directory(folder_ / "in");
  folder_.write("in/b.csv", "id,text,label\n007,good,x\n");
  for (const char* parquet : {"a.parquet", "c.parquet"}) {
    for (const char* name : {"a.parquet", "c.parquet"}) std::filesystem::remove((folder_ / "in") / name);
    const std::vector<std::string> names{"id", "text", "label"};
    const std::vector<tables::AddedColumn> columns{{"id", tables::ValueType::count, {}},
                                                   {"text", tables::ValueType::text, {}},
                                                   {"label", tables::ValueType::truth, {}}};
    tables::Rows none = tables::rows_of(0);
    none.errors.resize(1);
    const std::vector<tables::AddedValues> values{{std::uint64_t{5}, std::string("bad"), true}};
    const std::string part = tables::typed_part({none, {}, {}, columns, values}, tables::Form::parquet);
    tables::join_typed_parts({folder_.write("part", part)}, {tables::Form::parquet, tables::Packing::none},
                             (folder_ / "in") / parquet);
    job_.input = (folder_ / "in").string();
    job_.output = (folder_ / "out.jsonl").string();
    run_job(bundled(), job_);

    const std::string out = read_file(job_.output);
    EXPECT_THAT(out, HasSubstr("{\"id\":\"007\",\"text\":\"good\",\"label\":\"x\","));
    EXPECT_THAT(out, HasSubstr("{\"id\":5,\"text\":\"bad\",\"label\":true,"));
  }
}

}  // namespace
}  // namespace tastevin
