#include "classify/tokenizer/word_level.h"

#include <gtest/gtest.h>

#include <vector>

#include "classify/tokenizer/model_fixture.h"
#include "tastevin/error.h"

namespace tastevin::tokenizer {
namespace {

TEST(WordLevel, TakesThePieceWholeOrNotAtAll) {
  const WordLevel model(vocabulary_of({"?", "été"}), "?");

  EXPECT_EQ(tokens_of(model, "été"), (std::vector<PieceToken>{{1, 0, 5}}));
  EXPECT_EQ(tokens_of(model, "ét"), (std::vector<PieceToken>{{0, 0, 3}}));
}

TEST(WordLevel, RefusesAnUnknownTokenThatIsNotThere) { EXPECT_THROW(WordLevel(vocabulary_of({"a"}), "<unk>"), Error); }

}  // namespace
}  // namespace tastevin::tokenizer
