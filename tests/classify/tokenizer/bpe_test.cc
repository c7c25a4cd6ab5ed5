// A letter and a number (A55) are a row of tests/reported_bugs.md.

#include "classify/tokenizer/bpe.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "classify/tokenizer/byte_level_scan.h"
#include "classify/tokenizer/model_fixture.h"
#include "tastevin/error.h"

namespace tastevin::tokenizer {
namespace {

using Ids = std::vector<std::int32_t>;
using PieceTokens = std::vector<PieceToken>;

Bpe make(Vocabulary vocabulary, std::vector<MergeRule> rules, BpeOptions options = {}) {
  return {std::move(vocabulary), rules, std::move(options)};
}

/// `options` with one member set.
template <class Member, class Value>
BpeOptions with(Member BpeOptions::* member, Value value, BpeOptions options = {}) {
  options.*member = std::move(value);
  return options;
}

/// The 256 stand-ins, id by byte, then these tokens.
Vocabulary byte_level_vocabulary(std::initializer_list<std::string_view> more) {
  Vocabulary vocabulary;
  for (std::int32_t byte = 0; byte < 256; ++byte) {
    std::string token;
    utf8::append(token, byte_level::stand_in(static_cast<std::uint8_t>(byte)));
    vocabulary.add(token, byte);
  }
  std::int32_t id = 256;
  for (const std::string_view token : more) vocabulary.add(token, id++);
  return vocabulary;
}

TEST(Bpe, MergesTheLowestRankFirst) {
  const Bpe model = make(vocabulary_of({"a", "b", "c", "bc", "ab"}), {{"b", "c"}, {"a", "b"}});

  EXPECT_EQ(tokens_of(model, "abc"), (PieceTokens{{0, 0, 1}, {3, 1, 3}}));
}

TEST(Bpe, MergesTheLeftmostOfEqualRanks) {
  EXPECT_EQ(ids_of(make(vocabulary_of({"a", "aa"}), {{"a", "a"}}), "aaa"), (Ids{1, 0}));
}

TEST(Bpe, LastOfEqualRulesHolds) {
  const Bpe model = make(vocabulary_of({"a", "b", "c", "ab", "bc"}), {{"a", "b"}, {"b", "c"}, {"a", "b"}});

  EXPECT_EQ(ids_of(model, "abc"), (Ids{0, 4}));
}

TEST(Bpe, UnknownCharactersVanishWithoutUnknownToken) {
  EXPECT_EQ(tokens_of(make(vocabulary_of({"a"}), {}), "axa"), (PieceTokens{{0, 0, 1}, {0, 1, 2}}));
}

TEST(Bpe, UnknownCharactersAreOneTokenEachUnlessFused) {
  const auto model = [](bool fuse) {
    return make(vocabulary_of({"a", "?"}), {}, with(&BpeOptions::fuse_unk, fuse, with(&BpeOptions::unk_token, "?")));
  };

  EXPECT_EQ(tokens_of(model(false), "axé"), (PieceTokens{{0, 0, 1}, {1, 1, 2}, {1, 2, 4}}));
  EXPECT_EQ(tokens_of(model(true), "axé"), (PieceTokens{{0, 0, 1}, {1, 1, 4}}));
}

TEST(Bpe, BytesOfAFallbackOvertakeAWaitingUnknown) {
  // The reference adds a waiting unknown token only at the next known character or the end, so order and spans move.
  const Bpe model = make(vocabulary_of({"a", "?", "<0x79>"}), {},
                         with(&BpeOptions::byte_fallback, true, with(&BpeOptions::unk_token, "?")));

  EXPECT_EQ(tokens_of(model, "xya"), (PieceTokens{{2, 0, 1}, {1, 1, 2}, {0, 2, 3}}));
}

TEST(Bpe, OneMissingByteMakesTheWholeCharacterUnknown) {
  const Bpe model = make(vocabulary_of({"?", "<0xC3>"}), {},
                         with(&BpeOptions::byte_fallback, true, with(&BpeOptions::unk_token, "?")));

  EXPECT_EQ(ids_of(model, "é"), (Ids{0}));
}

// The bytes of the affix counted as bytes of the piece, so that offsets were read from behind its end.
TEST(Bpe, BytesOfAnAffixStayWithinThePiece) {
  const auto options = with(&BpeOptions::byte_fallback, true, with(&BpeOptions::end_of_word_suffix, "zz"));
  const Bpe model = make(vocabulary_of({"<0x61>", "<0x62>", "<0x7A>"}), {}, options);

  EXPECT_EQ(tokens_of(model, "ab"), (PieceTokens{{0, 0, 1}, {1, 1, 2}, {2, 1, 2}, {2, 1, 2}}));
}

TEST(Bpe, AffixesSpellTheFirstSymbols) {
  const Bpe prefixed =
      make(vocabulary_of({"a", "##b", "ab"}), {{"a", "##b"}}, with(&BpeOptions::continuing_subword_prefix, "##"));
  const Bpe suffixed =
      make(vocabulary_of({"a", "b</w>", "ab</w>"}), {{"a", "b</w>"}}, with(&BpeOptions::end_of_word_suffix, "</w>"));

  EXPECT_EQ(ids_of(prefixed, "ab"), (Ids{2}));
  EXPECT_EQ(ids_of(suffixed, "ab"), (Ids{2}));
}

TEST(Bpe, A55IgnoreMergesTakesAWholePieceAsItIs) {
  // The setting was not read, or demanded.
  const auto model = [](bool ignore) {
    return make(vocabulary_of({"a", "b", "c", "ab", "abc"}), {{"a", "b"}}, with(&BpeOptions::ignore_merges, ignore));
  };

  EXPECT_EQ(ids_of(model(true), "abc"), (Ids{4}));
  EXPECT_EQ(ids_of(model(false), "abc"), (Ids{3, 2}));
}

TEST(Bpe, RawBytesAnswerAsStandInsDo) {
  const std::vector<MergeRule> rules{{"a", "b"}, {"Ġ", "ab"}, {"Ã", "©"}};
  const auto vocabulary = [] { return byte_level_vocabulary({"ab", "Ġab", "Ã©"}); };
  const Bpe raw = make(vocabulary(), rules, with(&BpeOptions::pieces, BpePieces::raw_bytes));
  const Bpe spelled = make(vocabulary(), rules);

  EXPECT_EQ(tokens_of(raw, " abé"), (PieceTokens{{257, 0, 3}, {258, 3, 5}}));
  EXPECT_EQ(ids_of(spelled, "ĠabÃ©"), (Ids{257, 258}));
}

TEST(Bpe, RawBytesFindWholeTokensWhenMergesAreIgnored) {
  const Bpe model = make(byte_level_vocabulary({"Ġab", "中"}), {},
                         with(&BpeOptions::ignore_merges, true, with(&BpeOptions::pieces, BpePieces::raw_bytes)));

  EXPECT_EQ(tokens_of(model, " ab"), (PieceTokens{{256, 0, 3}}));
  EXPECT_EQ(ids_of(model, "中"), (Ids{0xE4, 0xB8, 0xAD}));
}

TEST(Bpe, RefusesRawBytesWithoutStandIns) {
  EXPECT_THROW(make(vocabulary_of({"a"}), {}, with(&BpeOptions::pieces, BpePieces::raw_bytes)), Error);
}

TEST(Bpe, RefusesRulesThatTheVocabularyDoesNotBear) {
  EXPECT_THROW(make(vocabulary_of({"a", "ab"}), {{"a", "b"}}), Error);
  EXPECT_THROW(make(vocabulary_of({"a", "b"}), {{"a", "b"}}), Error);
  EXPECT_THROW(make(vocabulary_of({"a", "b", "ab"}), {{"a", "b"}}, with(&BpeOptions::continuing_subword_prefix, "##")),
               Error);
}

TEST(Bpe, RefusesAnUnknownTokenThatIsNotThereUnlessNothingCanBeUnknown) {
  EXPECT_THROW(make(vocabulary_of({"a"}), {}, with(&BpeOptions::unk_token, "?")), Error);
  EXPECT_NO_THROW(make(byte_level_vocabulary({}), {}, with(&BpeOptions::unk_token, "?")));
}

TEST(Bpe, RepeatsItselfFromTheCache) {
  const Bpe model = make(vocabulary_of({"a", "b", "ab"}), {{"a", "b"}});
  Scratch scratch;
  PieceTokens out;

  model.tokenize("abb", scratch, out);
  model.tokenize("abb", scratch, out);

  EXPECT_EQ(out, (PieceTokens{{2, 0, 2}, {1, 2, 3}, {2, 0, 2}, {1, 2, 3}}));
}

TEST(ParseMergeRule, WantsExactlyOneBlank) {
  EXPECT_EQ(parse_merge_rule("a b")->right, "b");
  EXPECT_FALSE(parse_merge_rule("ab"));
  EXPECT_FALSE(parse_merge_rule("a b c"));
  EXPECT_TRUE(parse_merge_rule(" b"));
}

/// A row of symbols for the merge table, one byte each.
void fill(const Ids& row, BpeScratch& scratch) {
  scratch.symbols.clear();
  for (const std::int32_t id : row) scratch.symbols.push_back({.id = id, .length = 1, .previous = 0, .next = 0});
}

Ids ids_in(const BpeScratch& scratch) {
  Ids ids;
  for (const BpeScratch::Symbol& symbol : scratch.symbols) ids.push_back(symbol.id);
  return ids;
}

TEST(MergeTable, ItsThreeWaysAgree) {
  const Vocabulary vocabulary = vocabulary_of({"a", "b", "c", "ab", "bc", "aa", "abc", "aab", "bcab"});
  const std::vector<MergeRule> rules{{"b", "c"},  {"a", "a"},  {"a", "b"},  {"ab", "c"},
                                     {"a", "bc"}, {"aa", "b"}, {"bc", "ab"}};
  const MergeTable table(vocabulary, rules, 0);
  std::mt19937 random(3);
  BpeScratch scratch;
  for (int round = 0; round < 2000; ++round) {
    Ids row(1 + random() % MergeTable::kShort);
    for (std::int32_t& id : row) id = static_cast<std::int32_t>(random() % 3);

    fill(row, scratch);
    table.merge_short(scratch.symbols);
    const Ids short_way = ids_in(scratch);
    fill(row, scratch);
    table.merge_long(scratch);
    ASSERT_EQ(ids_in(scratch), short_way);
    fill(row, scratch);
    table.merge_queued(scratch);
    ASSERT_EQ(ids_in(scratch), short_way);
  }
}

// Anything quadratic would meet the time limit of the test program.
TEST(Bpe, TwoMegabytesInOnePieceAreNoTrouble) {
  const Bpe model =
      make(vocabulary_of({"a", "b", "aa", "ab", "aab", "aaaa"}), {{"a", "a"}, {"a", "b"}, {"aa", "b"}, {"aa", "aa"}});
  const std::string piece(2'000'000, 'a');

  EXPECT_EQ(tokens_of(model, piece).size(), 500'000U);
}

}  // namespace
}  // namespace tastevin::tokenizer
