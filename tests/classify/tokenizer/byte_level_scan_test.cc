#include "classify/tokenizer/byte_level_scan.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/utf8.h"
#include "classify/tokenizer/regex.h"

namespace tastevin::tokenizer::byte_level {
namespace {

constexpr std::string_view kPattern = R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

using Pieces = std::vector<std::string>;

Pieces scanned(std::string_view text) {
  Pieces pieces;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = next_cut(text, at);
    pieces.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return pieces;
}

Pieces matched(const Regex& regex, std::string_view text) {
  Pieces pieces;
  regex.each_match(text,
                   [&](std::size_t begin, std::size_t end) { pieces.emplace_back(text.substr(begin, end - begin)); });
  return pieces;
}

TEST(ByteLevel, StandInsAreThoseOfGpt2) {
  EXPECT_EQ(stand_in(' '), U'Ġ');
  EXPECT_EQ(stand_in('\n'), U'Ċ');
  EXPECT_EQ(stand_in('a'), U'a');
  EXPECT_EQ(stand_in(0x7F), 0x121U);
  EXPECT_EQ(stand_in(0xAD), 0x143U);
}

TEST(ByteLevel, EveryByteHasItsOwnStandIn) {
  std::set<char32_t> all;
  for (int byte = 0; byte < 256; ++byte) {
    const char32_t code_point = stand_in(static_cast<std::uint8_t>(byte));
    EXPECT_EQ(byte_of(code_point), byte);
    all.insert(code_point);
  }
  EXPECT_EQ(all.size(), 256U);
  EXPECT_EQ(byte_of(0x144), std::nullopt);
  EXPECT_EQ(byte_of(0xA0), std::nullopt);
}

TEST(NextCut, CutsAsGpt2) {
  EXPECT_EQ(scanned("It's  8's,\n\n x"), (Pieces{"It", "'s", " ", " 8", "'s", ",", "\n\n", " x"}));
  EXPECT_EQ(scanned("'S 'll'"), (Pieces{"'", "S", " '", "ll", "'"}));
  EXPECT_EQ(scanned("a   "), (Pieces{"a", "   "}));
}

TEST(NextCut, AgreesWithThePatternOnEveryCodePoint) {
  const Regex regex(kPattern, "test");
  for (const std::string_view between : {"", "a", "1 ", " ", "'"}) {
    std::string text;
    for (char32_t code_point = 1; code_point < 0x110000; ++code_point) {
      if (code_point >= 0xD800 && code_point <= 0xDFFF) continue;
      utf8::append(text, code_point);
      text.append(between);
    }
    EXPECT_TRUE(scanned(text) == matched(regex, text)) << "between: '" << between << "'";
  }
}

TEST(NextCut, AgreesWithThePatternOnRandomText) {
  const Regex regex(kPattern, "test");
  const std::u32string alphabet = U"''''    sdtmrevlaSZ019.,-\t\n\r\u00A0\u3000\u2028é中한\u0301½²٣🦙\u200B";
  std::mt19937 random(11);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::size_t i = random() % 20; i > 0; --i) utf8::append(text, alphabet[random() % alphabet.size()]);
    ASSERT_EQ(scanned(text), matched(regex, text));
  }
}

}  // namespace
}  // namespace tastevin::tokenizer::byte_level
