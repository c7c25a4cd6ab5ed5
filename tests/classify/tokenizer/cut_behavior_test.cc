#include "classify/tokenizer/cut_behavior.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/error.h"

namespace tastevin::tokenizer {
namespace {

/// `text` cut at its dashes, pieces divided by "|".
std::string cut_at_dashes(std::string_view text, CutBehavior behavior) {
  std::vector<Match> matches;
  std::vector<Piece> pieces;
  match_code_points(text, 0, text.size(), [](char32_t c) { return c == '-'; }, matches);
  cut_by(matches, behavior, pieces);
  std::string result;
  for (const Piece& piece : pieces) {
    if (!result.empty()) result += '|';
    result += text.substr(piece.begin, piece.end - piece.begin);
  }
  return result;
}

constexpr std::string_view kText = "the-final--countdown";

TEST(CutBehavior, RemovesMatches) { EXPECT_EQ(cut_at_dashes(kText, CutBehavior::removed), "the|final|countdown"); }

TEST(CutBehavior, IsolatesMatches) {
  EXPECT_EQ(cut_at_dashes(kText, CutBehavior::isolated), "the|-|final|-|-|countdown");
}

TEST(CutBehavior, MergesMatchesWithWhatStandsBefore) {
  EXPECT_EQ(cut_at_dashes(kText, CutBehavior::merged_with_previous), "the-|final-|-|countdown");
}

TEST(CutBehavior, MergesMatchesWithWhatFollows) {
  EXPECT_EQ(cut_at_dashes(kText, CutBehavior::merged_with_next), "the|-final|-|-countdown");
}

TEST(CutBehavior, JoinsNeighbouringMatches) {
  EXPECT_EQ(cut_at_dashes(kText, CutBehavior::contiguous), "the|-|final|--|countdown");
}

TEST(CutBehavior, HandlesMatchesAtTheEnds) {
  EXPECT_EQ(cut_at_dashes("-a-", CutBehavior::merged_with_previous), "-|a-");
  EXPECT_EQ(cut_at_dashes("-a-", CutBehavior::merged_with_next), "-a|-");
  EXPECT_EQ(cut_at_dashes("", CutBehavior::contiguous), "");
}

TEST(ReadBehavior, RefusesUnknownNames) {
  EXPECT_EQ(read_behavior({{"behavior", "MergedWithNext"}}, "here"), CutBehavior::merged_with_next);
  EXPECT_THROW(read_behavior({{"behavior", "Merged"}}, "here"), Error);
}

}  // namespace
}  // namespace tastevin::tokenizer
