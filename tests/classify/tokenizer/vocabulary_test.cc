#include "classify/tokenizer/vocabulary.h"

#include <gtest/gtest.h>

#include <string>

#include "tastevin/error.h"

namespace tastevin::tokenizer {
namespace {

TEST(Vocabulary, GivesIdsAndTokensBack) {
  Vocabulary vocabulary;
  for (std::int32_t id = 0; id < 5000; ++id) vocabulary.add("token" + std::to_string(id), id);

  for (std::int32_t id = 0; id < 5000; ++id) {
    ASSERT_EQ(vocabulary.id_of("token" + std::to_string(id)), id);
    ASSERT_EQ(vocabulary.token_of(id), "token" + std::to_string(id));
  }
  EXPECT_EQ(vocabulary.id_of("token"), std::nullopt);
}

TEST(Vocabulary, CountsTokensNotIds) {
  Vocabulary vocabulary;
  vocabulary.add("a", 0);
  vocabulary.add("b", 9);

  EXPECT_EQ(vocabulary.size(), 2U);
  EXPECT_EQ(vocabulary.id_bound(), 10U);
  EXPECT_EQ(vocabulary.token_of(5), std::nullopt);
  EXPECT_EQ(vocabulary.token_of(-1), std::nullopt);
  EXPECT_EQ(vocabulary.token_of(10), std::nullopt);
}

TEST(Vocabulary, LastOfEqualTokensWins) {
  Vocabulary vocabulary;
  vocabulary.add("a", 0);
  vocabulary.add("a", 1);

  EXPECT_EQ(vocabulary.find("a"), 1);
  EXPECT_EQ(vocabulary.size(), 1U);
}

TEST(Vocabulary, KeepsTheEmptyToken) {
  Vocabulary vocabulary;
  EXPECT_EQ(vocabulary.find(""), -1);

  vocabulary.add("", 3);

  EXPECT_EQ(vocabulary.find(""), 3);
}

TEST(Vocabulary, RefusesIdsThatWouldTakeTheMemory) {
  EXPECT_THROW(Vocabulary().add("a", Vocabulary::kMaxId + 1), Error);
  EXPECT_THROW(Vocabulary().add("a", -1), Error);
}

}  // namespace
}  // namespace tastevin::tokenizer
