// A letter and a number (A41) are a row of tests/reported_bugs.md.

#include "classify/tokenizer/unigram.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "classify/tokenizer/model_fixture.h"
#include "tastevin/error.h"

namespace tastevin::tokenizer {
namespace {

using Ids = std::vector<std::int32_t>;
using PieceTokens = std::vector<PieceToken>;

Unigram make(std::vector<ScoredToken> tokens, UnigramOptions options = {.unk_id = 0}) { return {tokens, options}; }

TEST(Unigram, TakesTheBestSum) {
  const Unigram model =
      make({{"<unk>", 0}, {"a", 0}, {"b", 0}, {"c", 0}, {"d", 0}, {"cd", 1}, {"ab", 2}, {"abc", 5}, {"abcd", 10}});

  EXPECT_EQ(tokens_of(model, "abcdacdxx"), (PieceTokens{{8, 0, 4}, {1, 4, 5}, {5, 5, 7}, {0, 7, 9}}));
}

TEST(Unigram, A41FirstWayFoundStandsWhenSumsAreEqual) {
  // Two Viterbi codes of the field disagree about ties; ours is the reference's.
  const Unigram model = make({{"<unk>", 0}, {"a", -1}, {"aa", -1}});

  EXPECT_EQ(ids_of(model, "aaa"), (Ids{1, 2}));
}

TEST(Unigram, A34WalksCodePointsNotUserPerceivedCharacters) {
  // A lattice over graphemes lost the digit of a keycap.
  const Unigram model = make({{"<unk>", 0}, {"1", -1}});

  EXPECT_EQ(tokens_of(model, "1\uFE0F\u20E3"), (PieceTokens{{1, 0, 1}, {0, 1, 7}}));
}

TEST(Unigram, A32FallsToBytesOnlyWhenAllOfThemAreThere) {
  // byte_fallback was ignored, or done byte by byte.
  const Unigram model = make({{"<unk>", 0}, {"a", 0}, {"b", 0}, {"<0x0A>", 0}}, {.unk_id = 0, .byte_fallback = true});

  EXPECT_EQ(ids_of(model, "a\nb"), (Ids{1, 3, 2}));
  EXPECT_EQ(ids_of(model, "a\n\tb"), (Ids{1, 0, 2}));
}

TEST(Unigram, BytesOfAFallbackAllHaveTheSpanOfTheirRun) {
  const Unigram model =
      make({{"<unk>", 0}, {"<0xC2>", 0}, {"<0xAD>", 0}, {"a", 0}}, {.unk_id = 0, .byte_fallback = true});

  EXPECT_EQ(tokens_of(model, "a\u00AD"), (PieceTokens{{3, 0, 1}, {1, 1, 3}, {2, 1, 3}}));
}

TEST(Unigram, RunOfUnknownsIsLookedUpAsAWhole) {
  // With scores above 20 two unknowns beat the token that they spell; the reference finds it all the same.
  const Unigram model = make({{"<unk>", 50}, {"xy", 50}, {"a", 60}});

  EXPECT_EQ(tokens_of(model, "xy"), (PieceTokens{{1, 0, 2}}));
}

TEST(Unigram, LiteralUnknownTokenJoinsTheRun) {
  EXPECT_EQ(tokens_of(make({{"<unk>", 0}, {"a", 0}}), "x<unk>a"), (PieceTokens{{0, 0, 6}, {1, 6, 7}}));
}

TEST(Unigram, LastOfEqualTokensIsFound) { EXPECT_EQ(ids_of(make({{"<unk>", 0}, {"a", 0}, {"a", -5}}), "a"), (Ids{2})); }

TEST(Unigram, UnknownCharactersGiveNothingWithoutUnknownId) {
  EXPECT_EQ(tokens_of(make({{"a", 0}}, {}), "xa"), (PieceTokens{{0, 1, 2}}));
}

TEST(Unigram, GivesTokensBack) {
  const Unigram model = make({{"<unk>", 0}, {"ab", 0}});

  EXPECT_EQ(model.token_of(1), "ab");
  EXPECT_EQ(model.token_of(2), std::nullopt);
  EXPECT_EQ(model.id_of("ab"), 1);
  EXPECT_EQ(model.id_of("a"), std::nullopt);
}

TEST(Unigram, RefusesAnUnknownIdOutsideTheVocabulary) {
  EXPECT_THROW(make({{"a", 0}}, {.unk_id = 1}), Error);
  EXPECT_THROW(make({}, {.unk_id = 0}), Error);
}

TEST(Unigram, RefusesAScoreThatIsNotANumber) { EXPECT_THROW(make({{"a", std::nan("")}}), Error); }

// Anything quadratic would meet the time limit of the test program.
TEST(Unigram, TwoMegabytesInOnePieceAreNoTrouble) {
  const Unigram model = make({{"<unk>", 0}, {"a", -1}, {"aa", -1.5}, {"aaa", -1.7}});
  const std::string piece(2'000'000, 'a');

  EXPECT_EQ(tokens_of(model, piece).size(), 666'667U);
}

}  // namespace
}  // namespace tastevin::tokenizer
