#include "classify/tokenizer/word_piece.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "classify/tokenizer/scratch.h"

namespace tastevin::tokenizer {
namespace {

using testing::ElementsAre;

WordPiece word_piece(std::initializer_list<const char*> tokens, const WordPieceOptions& options = {}) {
  Vocabulary vocabulary;
  std::int32_t id = 0;
  for (const char* token : tokens) vocabulary.add(token, id++);
  return {std::move(vocabulary), options};
}

std::vector<PieceToken> tokenize(const WordPiece& model, std::string_view word) {
  std::vector<PieceToken> tokens;
  model.tokenize_word(word, tokens);
  return tokens;
}

TEST(WordPiece, TakesTheLongestPieces) {
  const WordPiece model = word_piece({"[UNK]", "want", "##want", "##ed", "wa", "un"});

  EXPECT_THAT(tokenize(model, "unwanted"), ElementsAre(PieceToken{5, 0, 2}, PieceToken{2, 2, 6}, PieceToken{3, 6, 8}));
}

TEST(WordPiece, GivesOneUnknownForAWordThatEndsUnknown) {
  const WordPiece model = word_piece({"[UNK]", "want", "##want", "##ed", "wa", "un"});

  EXPECT_THAT(tokenize(model, "unwantedX"), ElementsAre(PieceToken{0, 0, 9}));
}

TEST(WordPiece, CountsTheLimitInCodePoints) {
  const WordPiece model = word_piece({"[UNK]", "\u00E9", "##\u00E9"}, {.max_input_chars_per_word = 3});

  EXPECT_EQ(tokenize(model, "\u00E9\u00E9\u00E9").size(), 3U);
  EXPECT_THAT(tokenize(model, "\u00E9\u00E9\u00E9\u00E9"), ElementsAre(PieceToken{0, 0, 8}));
}

TEST(WordPiece, LooksUpShortWordsAtOnce) {
  const WordPiece model = word_piece({"[UNK]", "film", "exactly16letters"});

  EXPECT_EQ(model.whole_word(WordTable::key_of("film")), 1);
  EXPECT_EQ(model.whole_word(WordTable::key_of("exactly16letters")), 2);
  EXPECT_EQ(model.whole_word(WordTable::key_of("films")), -1);
}

TEST(WordPiece, NeedsItsUnknownToken) { EXPECT_THROW(word_piece({"a"}), Error); }

}  // namespace
}  // namespace tastevin::tokenizer
