#include "work/tables/format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fails_with.h"

namespace tastevin::tables {
namespace {

TEST(Format, IsNamedByTheEnding) {
  EXPECT_EQ(format_of("a.b/c.CSV").form, Form::csv);
  EXPECT_EQ(format_of("c.ndjson.gz").form, Form::jsonl);
  EXPECT_EQ(format_of("c.ndjson.gz").packing, Packing::gzip);
  EXPECT_EQ(format_of("c.feather").form, Form::arrow_file);
  EXPECT_EQ(format_of("c.arrows.zst").packing, Packing::zstd);
  EXPECT_EQ(format_of("c").form, Form::lines);
  EXPECT_EQ(format_of("c.log.gz").form, Form::lines);
}

TEST(Format, IsThatWhichIsAskedFor) {
  EXPECT_EQ(format_of("-", "csv.gz").form, Form::csv);
  EXPECT_EQ(format_of("-", "csv.gz").packing, Packing::gzip);
  EXPECT_EQ(format_of("data.csv", "txt").form, Form::lines);
}

TEST(Format, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT([] { format_of("a.csv", "xlsx"); }, fails_with(ErrorCode::invalid_argument, "'xlsx'"));
  for (const char* file : {"a.json", "A.XLSX", "a.csv.xz", "a.json.gz"})  // labelled as lines of text, without a word
    EXPECT_THAT([&] { input_format_of(file); }, fails_with(ErrorCode::invalid_argument, "or lines of text, found '."));
  EXPECT_EQ(input_format_of("a.json", "txt").form, Form::lines);
  EXPECT_EQ(input_format_of("a.log").form, Form::lines);
  EXPECT_THAT([] { format_of("a.parquet.gz"); }, fails_with(ErrorCode::invalid_argument, "decompress it first"));
}

}  // namespace
}  // namespace tastevin::tables
