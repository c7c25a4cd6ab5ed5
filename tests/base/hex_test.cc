#include "base/hex.h"

#include <gtest/gtest.h>

namespace tastevin::hex {
namespace {

TEST(Hex, SpellsAByteByTwoDigits) {
  EXPECT_EQ(of(0x0A), "0a");
  EXPECT_EQ(of(0xFF), "ff");
  EXPECT_EQ(of(0xFF, kCapitals), "FF");
}

TEST(Hex, KnowsItsDigits) {
  for (const char c : kDigits) EXPECT_TRUE(is_digit(c)) << c;
  for (const char c : {'g', 'A', '/', ':', '`', '\0'}) EXPECT_FALSE(is_digit(c)) << c;
}

}  // namespace
}  // namespace tastevin::hex
