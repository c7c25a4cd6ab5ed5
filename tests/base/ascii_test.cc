#include "base/ascii.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace tastevin::ascii
