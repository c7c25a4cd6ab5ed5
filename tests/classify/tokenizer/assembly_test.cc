#include "classify/tokenizer/assembly.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "base/error.h"
#include "support/fails_with.h"

namespace tastevin::tokenizer {
namespace {

using testing::ElementsAre;

Tokens numbered(std::size_t count, std::int32_t first = 1) {
  Tokens tokens;
  tokens.ids.resize(count);
  std::iota(tokens.ids.begin(), tokens.ids.end(), first);
  return tokens;
}

/// The ids in each window of a text of `count` tokens.
std::vector<std::vector<std::int32_t>> ids_of_windows(std::size_t count, std::size_t max_length, std::size_t stride,
                                                      Truncation truncation = Truncation::right) {
  const Tokens tokens = numbered(count);
  const Tokens none;
  const TokenPair pair{&tokens, &none};
  const EncodeOptions options{.max_length = max_length, .truncation = truncation};
  const PostProcessor plain;
  std::vector<std::vector<std::int32_t>> ids;
  for (const Kept& window : windows(pair, 0, stride, options)) {
    Encoding encoding;
    assemble({plain.single, plain.trims}, pair, window, options, encoding);
    ids.push_back(encoding.ids);
  }
  return ids;
}

TEST(Windows, OverlapByTheStride) {
  EXPECT_THAT(ids_of_windows(7, 4, 2),
              ElementsAre(ElementsAre(1, 2, 3, 4), ElementsAre(3, 4, 5, 6), ElementsAre(5, 6, 7)));
}

TEST(Windows, EndTogetherWithTheText) {
  EXPECT_THAT(ids_of_windows(6, 4, 2), ElementsAre(ElementsAre(1, 2, 3, 4), ElementsAre(3, 4, 5, 6)));
}

TEST(Windows, StartAtTheEndUnderLeftTruncation) {
  EXPECT_THAT(ids_of_windows(5, 2, 0, Truncation::left),
              ElementsAre(ElementsAre(4, 5), ElementsAre(2, 3), ElementsAre(1)));
}

TEST(Windows, AreOneForAShortText) { EXPECT_THAT(ids_of_windows(3, 4, 2), ElementsAre(ElementsAre(1, 2, 3))); }

TEST(Windows, RefuseAStrideAsLongAsTheWindow) { EXPECT_THROW(ids_of_windows(9, 4, 4), Error); }

TEST(Windows, RefuseAPairWithoutAStrategy) {
  const Tokens first = numbered(9);
  const Tokens second = numbered(2);

  EXPECT_THROW(windows({&first, &second}, 3, 1, {.max_length = 8}), Error);
}

// They were cut off without a word: the text that the strategy names had all its tokens.
TEST(Windows, OfATextWithoutAPairAreOfThatText) {
  const Tokens text = numbered(6);
  const Tokens none;
  for (const auto strategy : {PairTruncation::only_first, PairTruncation::only_second, PairTruncation::longest_first}) {
    const EncodeOptions options{.max_length = 4, .pair_truncation = strategy};

    EXPECT_EQ(windows({&text, &none}, 0, 2, options).back()[0].end, 6U);
  }
  EXPECT_EQ(windows({&none, &text}, 0, 2, {.max_length = 4}).back()[1].end, 6U);
}

TEST(Windows, RefuseAPairWhoseLongerTextIsTheSecond) {
  const Tokens first = numbered(2);
  const Tokens second = numbered(9);

  EXPECT_THROW(windows({&first, &second}, 3, 1, {.max_length = 10}), Error);
}

TEST(Windows, KeepTheOtherTextOfAPairWhole) {
  const Tokens first = numbered(2);
  const Tokens second = numbered(6);
  const EncodeOptions options{.max_length = 8, .pair_truncation = PairTruncation::only_second};

  const std::vector<Kept> result = windows({&first, &second}, 3, 1, options);

  ASSERT_EQ(result.size(), 3U);
  for (const Kept& window : result) EXPECT_EQ(window[0].size(), 2U);
  EXPECT_EQ(result[1][1].begin, 2U);
}

TEST(Truncate, CutsTheNamedTextOnly) {
  const Tokens first = numbered(9);
  const Tokens second = numbered(3);
  const Kept kept = truncate({&first, &second}, 3, {.max_length = 10, .pair_truncation = PairTruncation::only_first});

  EXPECT_EQ(kept[0].size(), 4U);
  EXPECT_EQ(kept[1].size(), 3U);
}

TEST(Truncate, RefusesWhenTheOtherTextFillsAll) {
  const Tokens first = numbered(9);
  const Tokens second = numbered(9);

  EXPECT_THAT(
      ([&] { truncate({&first, &second}, 3, {.max_length = 12, .pair_truncation = PairTruncation::only_first}); }),
      fails_with(ErrorCode::too_large, "9 tokens"));
}

TEST(Truncate, RefusesALimitBelowTheSpecialTokens) {
  const Tokens first = numbered(9);
  const Tokens none;

  EXPECT_THAT(([&] { truncate({&first, &none}, 2, {.max_length = 1}); }),
              fails_with(ErrorCode::invalid_argument, "no room for"));
}

TEST(Truncate, ReportsTheLengthWhenItMustNotCut) {
  const Tokens first = numbered(9);
  const Tokens none;

  EXPECT_THAT(([&] { truncate({&first, &none}, 2, {.max_length = 10, .truncation = Truncation::error}); }),
              fails_with(ErrorCode::too_large, "11"));
}

TEST(Assemble, PutsTheTemplateAroundBothTexts) {
  const Tokens first = numbered(1, 5);
  const Tokens second = numbered(2, 7);
  const PostProcessor processor{.single = {},
                                .pair = {{TemplatePart::Kind::special, 1, 0},
                                         {TemplatePart::Kind::first, 0, 0},
                                         {TemplatePart::Kind::special, 2, 0},
                                         {TemplatePart::Kind::second, 0, 1},
                                         {TemplatePart::Kind::special, 2, 1}},
                                .trims = {}};
  Encoding encoding;

  assemble({processor.pair, processor.trims}, {&first, &second}, {{{0, 1}, {0, 2}}}, {}, encoding);

  EXPECT_THAT(encoding.ids, ElementsAre(1, 5, 2, 7, 8, 2));
  EXPECT_THAT(encoding.type_ids, ElementsAre(0, 0, 0, 1, 1, 1));
  EXPECT_THAT(encoding.special, ElementsAre(1, 0, 1, 0, 0, 1));
  EXPECT_FALSE(encoding.truncated);
}

}  // namespace
}  // namespace tastevin::tokenizer
