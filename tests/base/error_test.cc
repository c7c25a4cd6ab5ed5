#include "base/error.h"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>
#include <string>
#include <vector>

namespace tastevin {
namespace {

TEST(InQuotes, PutsTextBetweenSingleQuotes) { EXPECT_EQ(in_quotes("dim"), "'dim'"); }

TEST(InQuotes, CutsAtTheLimitBetweenCodePoints) { EXPECT_EQ(in_quotes("aéé", 4), "'aé...'"); }

TEST(InQuotes, KeepsTextThatIsJustAsLongAsTheLimit) { EXPECT_EQ(in_quotes("abcd", 4), "'abcd'"); }

TEST(InQuotes, EscapesControlCharactersSoThatALineStaysALine) {
  EXPECT_EQ(in_quotes(std::string_view("a\n\0\x1b\x7f", 5)), R"('a\x0a\x00\x1b\x7f')");
}

TEST(InQuotes, EscapesTheControlCharactersAboveAscii) { EXPECT_EQ(in_quotes("\xC2\x85"), R"('\xc2\x85')"); }

TEST(InQuotes, EscapesInvalidUtf8ByteByByte) { EXPECT_EQ(in_quotes("a\xE2\x82z"), R"('a\xe2\x82z')"); }

TEST(InQuotes, OfNothingIsTwoQuotes) { EXPECT_EQ(in_quotes(""), "''"); }

Error error_thrown(const auto& thrown) { return error_of(std::make_exception_ptr(thrown)); }

TEST(ErrorOf, KeepsAnError) {
  const Error error = error_thrown(Error(ErrorCode::deadline, "late"));

  EXPECT_EQ(error.code(), ErrorCode::deadline);
  EXPECT_STREQ(error.what(), "late");
}

TEST(ErrorOf, TellsMemoryFromOtherFaults) {
  EXPECT_EQ(error_thrown(std::bad_alloc()).code(), ErrorCode::overloaded);
  EXPECT_EQ(error_thrown(std::runtime_error("broken")).code(), ErrorCode::internal);
  EXPECT_STREQ(error_thrown(std::runtime_error("broken")).what(), "broken");
}

TEST(ErrorOf, TakesWhatIsNoException) { EXPECT_EQ(error_thrown(7).code(), ErrorCode::internal); }

TEST(ListInQuotes, PutsCommasBetween) {
  const std::vector<std::string> texts{"a", "b\n"};

  EXPECT_EQ(list_in_quotes(texts), "'a', 'b\\x0a'");
  EXPECT_EQ(list_in_quotes({}), "");
}

TEST(Error, KeepsItsCodeAndMessage) {
  const Error error(ErrorCode::too_large, "text: 9 bytes");

  EXPECT_EQ(error.code(), ErrorCode::too_large);
  EXPECT_STREQ(error.what(), "text: 9 bytes");
}

}  // namespace
}  // namespace tastevin
