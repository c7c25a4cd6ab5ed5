#include "base/decimal.h"

#include <gtest/gtest.h>

namespace tastevin {
namespace {

TEST(Decimal, RoundsToItsPlaces) {
  EXPECT_EQ(decimal(2.0 / 3, 3), "0.667");
  EXPECT_EQ(decimal(-2.0 / 3, 0), "-1");
}

TEST(Percent, IsOfAShareOfOne) { EXPECT_EQ(percent(0.9125, 2), "91.25 %"); }

TEST(Interval, StandsBehindItsFigure) { EXPECT_EQ(interval(0.5, 2.0 / 3, 2), " (0.50 to 0.67)"); }

TEST(PValue, IsNeverZero) {
  EXPECT_EQ(p_value(0.00009), "below 0.0001");
  EXPECT_EQ(p_value(0.0001), "0.0001");
}

}  // namespace
}  // namespace tastevin
