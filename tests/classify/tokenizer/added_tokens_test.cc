#include "classify/tokenizer/added_tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace tastevin::tokenizer {
namespace {

/// The pieces of `text`, tokens in brackets.
std::string cut(const std::vector<AddedToken>& tokens, std::string_view text) {
  std::vector<Piece> pieces;
  AddedTokenMatcher(tokens).cut(text, pieces);
  std::string result;
  for (const Piece& piece : pieces) {
    const std::string content(text.substr(piece.begin, piece.end - piece.begin));
    result += piece.is_token() ? "[" + content + "=" + std::to_string(piece.token) + "]" : "(" + content + ")";
  }
  return result;
}

TEST(AddedTokens, AreCutOutOfTheText) {
  EXPECT_EQ(cut({{.content = "<s>", .id = 1}}, "a<s>b<s>"), "(a)[<s>=1](b)[<s>=1]");
}

TEST(AddedTokens, LeaveOtherTextWhole) {
  EXPECT_EQ(cut({{.content = "<s>", .id = 1}}, "a < s >"), "(a < s >)");
  EXPECT_EQ(cut({}, "text"), "(text)");
  EXPECT_EQ(cut({{.content = "<s>", .id = 1}}, ""), "");
}

TEST(AddedTokens, PreferTheLongestAtTheLeftmostPlace) {
  const std::vector<AddedToken> tokens{
      {.content = "ab", .id = 1}, {.content = "abc", .id = 2}, {.content = "bcd", .id = 3}};

  EXPECT_EQ(cut(tokens, "abcd"), "[abc=2](d)");
}

TEST(AddedTokens, OfEqualOnesTheFirstCounts) {
  EXPECT_EQ(cut({{.content = "x", .id = 1}, {.content = "x", .id = 2}}, "x"), "[x=1]");
}

// One that a normalizer leaves nothing of; it was forgotten.
TEST(AddedTokens, OfNothingCutTheTextBetweenAllCharacters) {
  const std::vector<AddedToken> tokens{{.content = "", .id = 1}, {.content = "bc", .id = 2}};

  EXPECT_EQ(cut(tokens, "a\u00E9bcd"), "(a)(\u00E9)[bc=2](d)");
}

TEST(AddedTokens, SingleWordsStandBetweenNonWordCharacters) {
  const std::vector<AddedToken> tokens{{.content = "foo", .id = 1, .single_word = true}};

  EXPECT_EQ(cut(tokens, "foo foot .foo. \u00E9foo"), "[foo=1]( foot .)[foo=1](. \u00E9foo)");
}

TEST(AddedTokens, TakeBlanksOfEveryKindAlong) {
  EXPECT_EQ(cut({{.content = "x", .id = 1, .lstrip = true}}, "a \u3000x b"), "(a)[ \u3000x=1]( b)");
  EXPECT_EQ(cut({{.content = "x", .id = 1, .rstrip = true}}, "a x\n\tb"), "(a )[x\n\t=1](b)");
}

TEST(AddedTokens, ShareBlanksFromTheLeft) {
  const std::vector<AddedToken> tokens{{.content = "x", .id = 1, .lstrip = true, .rstrip = true}};

  EXPECT_EQ(cut(tokens, " x x "), "[ x =1][x =1]");
}

// Its end stood before its beginning, and std::length_error left the library.
TEST(AddedTokens, OfBlanksThatAreTakenAreNone) {
  const std::vector<AddedToken> tokens{{.content = "<a>", .id = 1, .rstrip = true},
                                       {.content = " ", .id = 2, .lstrip = true}};

  EXPECT_EQ(cut(tokens, "<a>   x y"), "[<a>   =1](x)[ =2](y)");
}

}  // namespace
}  // namespace tastevin::tokenizer
