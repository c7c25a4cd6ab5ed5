#include "classify/tokenizer/truncation.h"

#include <gtest/gtest.h>

namespace tastevin::tokenizer {
namespace {

using Counts = std::pair<std::size_t, std::size_t>;

TEST(LongestFirst, KeepsAllThatFits) { EXPECT_EQ(longest_first(3, 4, 7), Counts(3, 4)); }

TEST(LongestFirst, CutsTheLongerTextFirst) {
  EXPECT_EQ(longest_first(2, 8, 7), Counts(2, 5));
  EXPECT_EQ(longest_first(8, 2, 7), Counts(5, 2));
}

TEST(LongestFirst, HalvesTheBudgetWhenBothAreLong) { EXPECT_EQ(longest_first(8, 9, 6), Counts(3, 3)); }

TEST(LongestFirst, GivesTheOddTokenToTheLongerText) {
  EXPECT_EQ(longest_first(8, 9, 7), Counts(3, 4));
  EXPECT_EQ(longest_first(9, 8, 7), Counts(4, 3));
  EXPECT_EQ(longest_first(8, 8, 7), Counts(3, 4));
}

TEST(LongestFirst, KeepsNothingOfNoBudget) { EXPECT_EQ(longest_first(5, 6, 0), Counts(0, 0)); }

}  // namespace
}  // namespace tastevin::tokenizer
