#include "classify/batch/distinct.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tastevin::batch {
namespace {

using ::testing::ElementsAre;

TEST(Distinct, KeepsTheFirstOfEqualTexts) {
  const std::vector<Text> texts{{"a"}, {"b"}, {"a"}};

  const Distinct result = distinct(texts);

  EXPECT_EQ(result.texts.size(), 2U);
  EXPECT_THAT(result.which, ElementsAre(0U, 1U, 0U));
}

TEST(Distinct, ComparesThePairToo) {
  const std::vector<Text> texts{{"a", "x"}, {"a"}, {"a", "y"}, {"a", "x"}, {"a", ""}};

  EXPECT_THAT(distinct(texts).which, ElementsAre(0U, 1U, 2U, 0U, 3U));
}

TEST(Distinct, ComparesEveryByte) {
  const std::vector<Text> texts{{"a"}, {"a "}, {std::string_view("a\0", 2)}, {"A"}};

  EXPECT_EQ(distinct(texts).texts.size(), 4U);
}

}  // namespace
}  // namespace tastevin::batch
