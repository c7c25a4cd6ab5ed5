#include "work/tables/row_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tastevin::tables {
namespace {

TEST(SeparatedRow, QuotesWhatCsvNeeds) {
  EXPECT_EQ(separated_row(Form::csv, {"007", "a, b", "say \"so\"", "two\nlines", "", " x "}),
            "007,\"a, b\",\"say \"\"so\"\"\",\"two\nlines\",, x \n");
  EXPECT_EQ(separated_row(Form::csv, {""}), "\"\"\n");
  EXPECT_EQ(separated_row(Form::csv, {"", "a"}), ",a\n");
}

TEST(SeparatedRow, KnowsNoQuotesInTsv) {
  EXPECT_EQ(separated_row(Form::tsv, {"say \"so\"", "a\tb\nc", "d"}), "say \"so\"\ta b c\td\n");
}

TEST(SeparatedRow, QuotesWhatQuotedTsvNeeds) {
  EXPECT_EQ(separated_row(Form::quoted_tsv, {"say \"so\"", "a\tb\nc", "d, e"}),
            "\"say \"\"so\"\"\"\t\"a\tb\nc\"\td, e\n");
}

TEST(AppendValues, MakesAColumnOfEachElementOfAList) {
  const std::vector<AddedColumn> added{{"label", ValueType::text, {}},
                                       {"scores", ValueType::numbers, {"score_a", "score_b"}}};
  std::vector<std::string> row{"text"};

  append_values(row, added, {"a", std::vector<float>{0.75F, 0.25F}});
  append_values(row, added, {std::monostate(), std::monostate()});

  EXPECT_THAT(row, ::testing::ElementsAre("text", "a", "0.75", "0.25", "", "", ""));
  EXPECT_THAT(separated_names(added), ::testing::ElementsAre("label", "score_a", "score_b"));
}

TEST(ExtendedObject, KeepsTheBytesOfTheObject) {
  EXPECT_EQ(extended_object("{\"n\": 1.10, \"u\": \"\\u00fc\"}", {{"label", ValueType::text, {}}}, {"x"}),
            "{\"n\": 1.10, \"u\": \"\\u00fc\",\"label\":\"x\"}\n");
  EXPECT_EQ(extended_object("{ }\r", {{"tokens", ValueType::count, {}}}, {std::uint64_t{1}}), "{ \"tokens\":1}\n");
}

// The columns are the keys of the first row; a later one may have more.
TEST(ExtendedObject, GivesOursAnotherNameWhereTheObjectHasIt) {
  const std::vector<AddedColumn> added{{"label", ValueType::text, {}}};

  EXPECT_EQ(extended_object(R"({"label":1})", added, {"x"}), "{\"label\":1,\"tastevin_label\":\"x\"}\n");
  EXPECT_EQ(extended_object(R"({"label":1,"tastevin_label":2})", added, {"x"}),
            "{\"label\":1,\"tastevin_label\":2,\"tastevin_tastevin_label\":\"x\"}\n");
  EXPECT_EQ(extended_object(R"({"l\u0061bel":1})", added, {"x"}), "{\"l\\u0061bel\":1,\"tastevin_label\":\"x\"}\n");
  EXPECT_EQ(extended_object(R"({"a":{"label":1},"b":"\"label\""})", added, {"x"}),
            "{\"a\":{\"label\":1},\"b\":\"\\\"label\\\"\",\"label\":\"x\"}\n");
}

}  // namespace
}  // namespace tastevin::tables
