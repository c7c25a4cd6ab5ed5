#include "work/tables/row_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fails_with.h"

namespace tastevin::tables {
namespace {

TEST(SeparatedRow, QuotesWhatCsvNeeds) {
  EXPECT_EQ(separated_row(RowForm::csv, {"007", "a, b", "say \"so\"", "two\nlines", "", " x "}),
            "007,\"a, b\",\"say \"\"so\"\"\",\"two\nlines\",, x \n");
  EXPECT_EQ(separated_row(RowForm::csv, {""}), "\"\"\n");
  EXPECT_EQ(separated_row(RowForm::csv, {"", "a"}), ",a\n");
}

TEST(SeparatedRow, KnowsNoQuotesInTsv) {
  EXPECT_EQ(separated_row(RowForm::tsv, {"say \"so\"", "a\tb\nc", "d"}), "say \"so\"\ta b c\td\n");
}

TEST(ExtendedObject, KeepsTheBytesOfTheObject) {
  EXPECT_EQ(extended_object("{\"n\": 1.10, \"u\": \"\\u00fc\"}", "\"label\":\"x\""),
            "{\"n\": 1.10, \"u\": \"\\u00fc\",\"label\":\"x\"}\n");
  EXPECT_EQ(extended_object("{ }\r", "\"label\":1"), "{ \"label\":1}\n");
}

TEST(RowForm, IsNamedByTheEnding) {
  EXPECT_EQ(row_form_of("a/b.csv"), RowForm::csv);
  EXPECT_EQ(row_form_of("b.tsv"), RowForm::tsv);
  EXPECT_EQ(row_form_of("b.ndjson"), RowForm::jsonl);
  EXPECT_THAT([] { row_form_of("b.parquet"); }, fails_with(ErrorCode::invalid_argument, "'b.parquet'"));
}

}  // namespace
}  // namespace tastevin::tables
