#include "classify/tokenizer/unicode.h"

#include <gtest/gtest.h>

#include <string>

namespace tastevin::tokenizer::unicode {
namespace {

TEST(Unicode, LowercasesOneToMany) {
  EXPECT_EQ(lowercase(U'\u0130').view(), U"i\u0307");
  EXPECT_EQ(lowercase(U'\u00C9').view(), U"\u00E9");
  EXPECT_EQ(lowercase(U'a').view(), U"a");
}

TEST(Unicode, DecomposesToTheEnd) {
  EXPECT_EQ(canonical_decomposition(U'\u01DC').view(), U"u\u0308\u0300");
  EXPECT_EQ(canonical_decomposition(U'\uFB01').view(), U"\uFB01");
  EXPECT_EQ(compatibility_decomposition(U'\uFB01').view(), U"fi");
}

TEST(Unicode, DecomposesHangulByArithmetic) {
  EXPECT_EQ(canonical_decomposition(U'\uC548').view(), U"\u110B\u1161\u11AB");
  EXPECT_EQ(canonical_decomposition(U'\uAC00').view(), U"\u1100\u1161");
}

TEST(Unicode, ComposesWhatItDecomposes) {
  EXPECT_EQ(composition(U'e', U'\u0301'), U'\u00E9');
  EXPECT_EQ(composition(U'\u1100', U'\u1161'), U'\uAC00');
  EXPECT_EQ(composition(U'\uAC00', U'\u11A8'), U'\uAC01');
}

TEST(Unicode, ComposesNoExclusions) {
  EXPECT_EQ(composition(U'\u0915', U'\u093C'), U'\0');
  EXPECT_EQ(composition(U'a', U'b'), U'\0');
}

TEST(Unicode, KnowsTheClassesOfTheReference) {
  EXPECT_TRUE(has(U'\u3000', kSpace));
  EXPECT_TRUE(has(U'\u4E2D', kIdeograph));
  EXPECT_FALSE(has(U'\u3042', kIdeograph));
  EXPECT_TRUE(has(U'\u0301', kBertMark));
  EXPECT_FALSE(has(U'\u0903', kBertMark));
  EXPECT_TRUE(has(U'\u0903', kMark));
  EXPECT_TRUE(has(U'\u00BD', kNumeric));
  EXPECT_TRUE(has(U'$', kPunctuation));
  EXPECT_TRUE(has(U'\u00AD', kBertControl));
}

TEST(Unicode, HasARecordForEveryCodePoint) {
  for (char32_t code_point = 0; code_point < 0x110000; ++code_point) {
    ASSERT_LT(record(code_point).category, 30) << static_cast<std::uint32_t>(code_point);
  }
}

}  // namespace
}  // namespace tastevin::tokenizer::unicode
