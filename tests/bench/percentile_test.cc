#include "bench/percentile.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace tastevin::bench {
namespace {

TEST(Percentile, IsTheNearestRank) {
  std::vector<double> values(100);
  std::iota(values.rbegin(), values.rend(), 1.0);

  EXPECT_EQ(percentile(values, 50), 50);
  EXPECT_EQ(percentile(values, 90), 90);
  EXPECT_EQ(percentile(values, 99), 99);
  EXPECT_EQ(percentile(values, 100), 100);
}

TEST(Percentile, OfOneValueIsThatValue) {
  const std::vector<double> values{7};

  EXPECT_EQ(percentile(values, 1), 7);
  EXPECT_EQ(percentile(values, 99), 7);
}

TEST(Percentile, OfFewValuesIsOneOfThem) {
  const std::vector<double> values{4, 1, 3, 2};

  EXPECT_EQ(percentile(values, 50), 2);
  EXPECT_EQ(percentile(values, 51), 3);
  EXPECT_EQ(percentile(values, 99), 4);
}

}  // namespace
}  // namespace tastevin::bench
