// Texts that a careless loop would take hours over. Linear work takes a fraction of a second; CTest's time limit is the
// judge, so that no clock stands in the test.

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>

#include "classify/tokenizer/small_tokenizer.h"

namespace tastevin::tokenizer {
namespace {

constexpr std::size_t kLetters = 2'000'000;
constexpr std::size_t kMarks = 1'000'000;  // two bytes each
constexpr std::size_t kLiterals = 100'000;

struct Vocabulary {
  const char* name;
  const char* literal;
  std::int32_t literal_id;

  friend void PrintTo(const Vocabulary& vocabulary, std::ostream* out) { *out << vocabulary.name; }
};

class LinearTime : public testing::WithParamInterface<Vocabulary>, public SharedVocabulary {
 protected:
  Tokenizer tokenizer() const { return load(GetParam().name); }
};

TEST_P(LinearTime, OneWordOfTwoMegabytes) {
  const std::string word(kLetters, 'a');

  EXPECT_FALSE(plain_ids(tokenizer(), word).empty());
  EXPECT_EQ(ids(tokenizer(), word, {.max_length = 8, .offsets = true}).size(),
            std::min<std::size_t>(8, ids(tokenizer(), word).size()));
}

TEST_P(LinearTime, OneMegabyteOfMixedLetters) {
  std::string word;
  for (std::size_t i = 0; i < kLetters / 2; ++i) word += static_cast<char>('a' + i * i % 26);

  EXPECT_FALSE(plain_ids(tokenizer(), word).empty());
}

TEST_P(LinearTime, TwoMegabytesOfCombiningMarks) {
  const std::string marks = "e" + repeated("\u0301", kMarks / 2) + repeated("\u0327\u0301", kMarks / 4);

  EXPECT_FALSE(ids(tokenizer(), marks, {.offsets = true}).empty());
}

TEST_P(LinearTime, HundredThousandAddedTokens) {
  const Ids found = plain_ids(tokenizer(), repeated(GetParam().literal, kLiterals));

  EXPECT_EQ(std::ranges::count(found, GetParam().literal_id), static_cast<std::ptrdiff_t>(kLiterals));
}

TEST_P(LinearTime, TwoMegabytesOfBlanks) {
  const std::string blanks(kLetters, ' ');

  EXPECT_NO_THROW(ids(tokenizer(), blanks, {.offsets = true}));
}

// A73 (tests/reported_bugs.md): the parts of a text that the limit cuts off must cost nothing beyond their tokens.
TEST_P(LinearTime, PairThatIsCutToAFewTokens) {
  const std::string text = repeated("word ", 100'000);
  const std::string pair = repeated("other ", 10'000);

  EXPECT_EQ(tokenizer().encode({.text = text, .pair = pair}, {.max_length = 256}).ids.size(), 256U);
}

// Each piece was searched for its next blank up to the end of the whole text.
TEST(LinearMetaspace, OneMegabyteOfAddedTokensBetweenLetters) {
  constexpr std::size_t kPairs = 250'000;
  const Json model{{"type", "WordLevel"}, {"unk_token", "?"}, {"vocab", numbered("? a \u2581a")}};

  for (const auto& [scheme, letter] : {std::pair{"never", 1}, std::pair{"always", 2}}) {
    const Json metaspace{{"type", "Metaspace"}, {"replacement", "\u2581"}, {"prepend_scheme", scheme}};
    const Json members{{"pre_tokenizer", metaspace}, {"added_tokens", Json::array({added_token(3, "<s>")})}};
    const Ids found = plain_ids(load_json(tokenizer_json(model, members)), repeated("<s>a", kPairs));

    EXPECT_EQ(found.size(), 2 * kPairs) << scheme;
    EXPECT_EQ(std::ranges::count(found, letter), static_cast<std::ptrdiff_t>(kPairs)) << scheme;
  }
}

std::string vocabulary_name(const testing::TestParamInfo<Vocabulary>& made) {
  std::string name = made.param.name;
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(SharedVocabularies, LinearTime,
                         testing::Values(Vocabulary{"bert-uncased", "[MASK]", 103},
                                         Vocabulary{"gpt2", "<|endoftext|>", 50256},
                                         Vocabulary{"deberta-v3", "[MASK]", 128000}),
                         vocabulary_name);

}  // namespace
}  // namespace tastevin::tokenizer
