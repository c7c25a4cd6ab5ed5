#include "work/tables/open_quote.h"

#include <gtest/gtest.h>

namespace tastevin::tables {
namespace {

std::uint64_t line_of_open_quote(std::string_view bytes) {
  OpenQuote quotes(',');
  for (const char& c : bytes) quotes.pass({&c, 1});
  return quotes.line();
}

TEST(OpenQuote, IsToldByItsLine) {
  EXPECT_EQ(line_of_open_quote("a,b\n1,\"two\n3,4\n"), 2U);
  EXPECT_EQ(line_of_open_quote("\""), 1U);
  EXPECT_EQ(line_of_open_quote("a\r\n\"x\"\"\r\n\r\n"), 2U);
}

TEST(OpenQuote, IsNoneWhereAllAreClosed) {
  EXPECT_EQ(line_of_open_quote("a,\"b\nc\"\n\"say \"\"so\"\"\",d\n"), 0U);
  EXPECT_EQ(line_of_open_quote("5'9\" tall,x \"\n"), 0U);
  EXPECT_EQ(line_of_open_quote(""), 0U);
}

}  // namespace
}  // namespace tastevin::tables
