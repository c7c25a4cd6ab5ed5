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

TEST(Unicode, FindsTheEndsOfWhiteSpace) {
  const std::string text = "a \u3000\tb";  // the second blank has three bytes

  EXPECT_EQ(end_of_space(text, 1), 6U);
  EXPECT_EQ(end_of_space(text, 0), 0U);
  EXPECT_EQ(end_of_space("  ", 0), 2U);
  EXPECT_EQ(start_of_space(text, 6, 0), 1U);
  EXPECT_EQ(start_of_space(text, 6, 2), 2U);
  EXPECT_EQ(start_of_space(text, text.size(), 0), text.size());
}

TEST(Unicode, KnowsTheClassesOfTheReference) {
  EXPECT_TRUE(has(U'\u3000', Flag::space));
  EXPECT_TRUE(has(U'\u4E2D', Flag::ideograph));
  EXPECT_FALSE(has(U'\u3042', Flag::ideograph));
  EXPECT_TRUE(has(U'\u0301', Flag::bert_mark));
  EXPECT_FALSE(has(U'\u0903', Flag::bert_mark));
  EXPECT_TRUE(has(U'\u0903', Flag::mark));
  EXPECT_TRUE(has(U'\u00BD', Flag::numeric));
  EXPECT_TRUE(has(U'$', Flag::punctuation));
  EXPECT_TRUE(has(U'\u00AD', Flag::bert_control));
}

TEST(Unicode, HasARecordForEveryCodePoint) {
  for (char32_t code_point = 0; code_point < 0x110000; ++code_point) {
    ASSERT_LT(record(code_point).category, 30) << static_cast<std::uint32_t>(code_point);
  }
}

}  // namespace
}  // namespace tastevin::tokenizer::unicode
