#include "base/ascii.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>

namespace tastevin::ascii {
namespace {

TEST(Ascii, LowersItsOwnLettersAlone) {
  EXPECT_EQ(lower("Content-TYPE 9Z["), "content-type 9z[");
  EXPECT_EQ(lower("\u00c4"), "\u00c4");
}

TEST(Ascii, TrimsBlanksAround) {
  EXPECT_EQ(trimmed(" \t a b \r\n"), "a b");
  EXPECT_EQ(trimmed(" \n"), "");
  EXPECT_EQ(trimmed(""), "");
}

TEST(Ascii, ReadsWholeNumbers) {
  EXPECT_EQ(number<std::uint32_t>("4294967295"), 4294967295U);
  EXPECT_EQ(number<int>("-7"), -7);
  EXPECT_EQ(number<int>("007"), 7);
}

TEST(Ascii, ReadsFractions) {
  EXPECT_EQ(number<double>("0.25"), 0.25);
  EXPECT_EQ(number<double>("-1e3"), -1000.0);
}

TEST(Ascii, ReadsNoNumberOutOfOtherText) {
  for (const char* text : {"", " ", "7 ", " 7", "+7", "7a", "a", "0x7", "7.0"}) {
    EXPECT_EQ(number<int>(text), std::nullopt) << text;
  }
  EXPECT_EQ(number<double>("1,5"), std::nullopt);
}

TEST(Ascii, ReadsNoNumberThatTheTypeCannotHold) {
  EXPECT_EQ(number<std::uint32_t>("4294967296"), std::nullopt);
  EXPECT_EQ(number<std::uint32_t>("-1"), std::nullopt);
  EXPECT_EQ(number<double>("1e999"), std::nullopt);
}

}  // namespace
}  // namespace tastevin::ascii
