#include "base/ranking.h"

#include <gmock/gmock.h>

namespace tastevin {
namespace {

using testing::ElementsAre;

TEST(HighestFirst, KeepsTheOrderOfEqualValues) {
  EXPECT_THAT(highest_first(std::vector{0.5F, 2.0F, 0.5F, 1.0F}), ElementsAre(1, 3, 0, 2));
}

TEST(HighestFirst, OfNothingIsNothing) { EXPECT_TRUE(highest_first(std::vector<double>()).empty()); }

TEST(HighestFirst, AsksForTheValueOfAnItem) {
  EXPECT_THAT(highest_first(std::vector<std::string>{"a", "bbb", "cc"}, &std::string::size), ElementsAre(1, 2, 0));
}

}  // namespace
}  // namespace tastevin
