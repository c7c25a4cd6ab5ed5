#include "classify/tokenizer/piece_cache.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tastevin::tokenizer {
namespace {

using Tokens = std::vector<PieceToken>;

const Tokens kTokens{{7, 0, 2}, {8, 2, 3}};

PieceCache cache_of(std::uint64_t owner) {
  PieceCache cache;
  cache.serve(owner);
  return cache;
}

TEST(PieceCache, RepeatsWhatAPieceBecame) {
  PieceCache cache = cache_of(1);
  Tokens out{{1, 0, 1}};

  cache.remember("abc", kTokens);

  ASSERT_TRUE(cache.replay("abc", out));
  EXPECT_EQ(out, (Tokens{{1, 0, 1}, {7, 0, 2}, {8, 2, 3}}));
}

TEST(PieceCache, TellsPiecesApartThatDifferInZeros) {
  PieceCache cache = cache_of(1);
  Tokens out;

  cache.remember("abc", kTokens);

  EXPECT_FALSE(cache.replay(std::string_view("abc\0", 4), out));
}

TEST(PieceCache, ForgetsWhenAnotherModelComes) {
  PieceCache cache = cache_of(1);
  Tokens out;
  cache.remember("abc", kTokens);

  cache.serve(2);

  EXPECT_FALSE(cache.replay("abc", out));
}

TEST(PieceCache, LeavesOutLongPiecesAndLongAnswers) {
  PieceCache cache = cache_of(1);
  const std::string piece(PieceCache::kMaxBytes + 1, 'a');
  Tokens out;

  cache.remember(piece, kTokens);
  cache.remember("abc", Tokens(PieceCache::kMaxTokens + 1));

  EXPECT_FALSE(cache.replay(piece, out));
  EXPECT_FALSE(cache.replay("abc", out));
}

TEST(PieceCache, RemembersThatAPieceBecameNothing) {
  PieceCache cache = cache_of(1);
  Tokens out;

  cache.remember("x", {});

  EXPECT_TRUE(cache.replay("x", out));
  EXPECT_TRUE(out.empty());
}

}  // namespace
}  // namespace tastevin::tokenizer
