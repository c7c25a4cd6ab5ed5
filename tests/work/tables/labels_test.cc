#include "work/tables/labels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fails_with.h"

namespace tastevin::tables {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> list(const std::string& text) { return label_list(text, {"one, or two"}, "row 1"); }

TEST(LabelList, IsSeparatedByTheFirstMarkThatOccurs) {
  EXPECT_THAT(list("a|b, c| d;e"), ElementsAre("a", "b, c", "d;e"));
  EXPECT_THAT(list("a; b, c"), ElementsAre("a", "b, c"));
  EXPECT_THAT(list("a, b"), ElementsAre("a", "b"));
  EXPECT_THAT(list("a"), ElementsAre("a"));
  EXPECT_THAT(list(""), IsEmpty());
}

TEST(LabelList, MayBeALabelOfTheModelWithSuchAMark) { EXPECT_THAT(list("one, or two"), ElementsAre("one, or two")); }

TEST(LabelList, OfJsonHoldsNamesAndIds) {
  EXPECT_THAT(list(R"(["a|b", 2])"), ElementsAre("a|b", "2"));
  for (const char* text : {R"(["a", null])", R"([["a"]])", R"([{"a": 1}])", "[1.5]"})
    EXPECT_THAT([&] { list(text); },
                fails_with(ErrorCode::invalid_argument, "row 1: expected a list of labels or ids"));
}

// A list behind a blank was taken for labels with brackets.
TEST(LabelList, MayHaveBlanksAroundIt) {
  EXPECT_THAT(list(" [\"a\", \"b\"] "), ElementsAre("a", "b"));
  EXPECT_THAT(list(" one, or two "), ElementsAre("one, or two"));
}

TEST(LabelId, MayBeWrittenAsAFloat) {
  const std::vector<std::string> labels{"a", "b"};
  EXPECT_EQ(label_id("1.0", labels, "row 1"), 1U);
  EXPECT_THAT([&] { label_id("1.5", labels, "row 1"); }, fails_with(ErrorCode::invalid_argument, "1.5"));
}

}  // namespace
}  // namespace tastevin::tables
