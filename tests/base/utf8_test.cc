#include "base/utf8.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace tastevin::utf8 {
namespace {

std::string encoded(char32_t code_point) {
  std::string bytes;
  append(bytes, code_point);
  return bytes;
}

bool is_surrogate(char32_t code_point) { return code_point >= 0xD800 && code_point <= 0xDFFF; }

TEST(Decode, GivesBackEveryScalarValueThatAppendWrote) {
  for (char32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    if (is_surrogate(code_point)) continue;
    const std::string bytes = encoded(code_point);
    const Decoded decoded = decode(bytes, 0);
    ASSERT_TRUE(decoded.valid) << static_cast<std::uint32_t>(code_point);
    ASSERT_EQ(decoded.code_point, code_point);
    ASSERT_EQ(decoded.length, bytes.size());
  }
}

TEST(Decode, RefusesSurrogates) {
  for (const char32_t code_point : {0xD800U, 0xDBFFU, 0xDC00U, 0xDFFFU}) {
    EXPECT_FALSE(decode(encoded(code_point), 0).valid) << static_cast<std::uint32_t>(code_point);
  }
}

TEST(Decode, RefusesOverlongForms) {
  for (const char* overlong :
       {"\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF"}) {
    EXPECT_FALSE(decode(overlong, 0).valid);
  }
}

TEST(Decode, RefusesWhatLiesBeyondUnicode) {
  for (const char* beyond : {"\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF"})
    EXPECT_FALSE(decode(beyond, 0).valid);
}

TEST(Decode, OfATruncatedEndTakesWhatIsThere) {
  EXPECT_EQ(decode("\xF0\x9F\x98", 0).length, 3);
  EXPECT_EQ(decode("\xE2\x82", 0).length, 2);
  EXPECT_EQ(decode("\xC3", 0).length, 1);
}

TEST(ValidPrefix, OfValidTextIsAllOfIt) {
  const std::string text = "abcdefghijé€😀 more than eight";

  EXPECT_EQ(valid_prefix(text), text.size());
}

TEST(ValidPrefix, EndsAtTheFirstBrokenByteWhereverItStands) {
  for (std::size_t at = 0; at < 40; ++at) {
    std::string text(40, 'a');
    text[at] = '\x80';
    EXPECT_EQ(valid_prefix(text), at);
  }
}

TEST(ValidPrefix, OfNothingIsNothing) { EXPECT_EQ(valid_prefix(""), 0U); }

TEST(Repaired, KeepsValidTextWithItsNul) {
  const std::string text("a\0é", 4);

  EXPECT_EQ(repaired(text), text);
}

// The examples of the Unicode standard, section 3.9, tables 3-8 to 3-11.
TEST(Repaired, ReplacesEachMaximalSubpartByOneCharacter) {
  const std::string r = "\xEF\xBF\xBD";

  EXPECT_EQ(repaired("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"), r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(repaired("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"), r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(repaired("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"), r + r + r + r + r + "A" + r + r + "B");
  EXPECT_EQ(repaired("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), r + r + r + r + "A");
}

TEST(Repaired, IsValidWhateverTheBytes) {
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random() % 24, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() % 2 == 0 ? 0x80 + random() % 128 : random() % 256);
    ASSERT_TRUE(is_valid(repaired(bytes)));
  }
}

TEST(Count, CountsCodePointsAndNotBytes) { EXPECT_EQ(count("aé€😀"), 4U); }

TEST(Count, CountsANul) { EXPECT_EQ(count(std::string_view("a\0b", 3)), 3U); }

TEST(StartOfLast, StepsBackOverEachLengthOfForm) {
  const std::string text = "aé€😀";

  EXPECT_EQ(start_of_last(text, 10), 6U);
  EXPECT_EQ(start_of_last(text, 6), 3U);
  EXPECT_EQ(start_of_last(text, 3), 1U);
  EXPECT_EQ(start_of_last(text, 1), 0U);
}

TEST(StartOfLast, StopsAtTheFloor) { EXPECT_EQ(start_of_last("a😀", 5, 3), 3U); }

TEST(Append, WritesEachLengthOfForm) {
  EXPECT_EQ(encoded(U'a'), "a");
  EXPECT_EQ(encoded(U'é'), "é");
  EXPECT_EQ(encoded(U'€'), "€");
  EXPECT_EQ(encoded(U'😀'), "😀");
}

}  // namespace
}  // namespace tastevin::utf8
