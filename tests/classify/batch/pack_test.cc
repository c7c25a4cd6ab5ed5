#include "classify/batch/pack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tastevin::batch {
namespace {

using ::testing::ElementsAre;

const std::vector<Encoding> kEncodings{{.ids = {5, 6, 7}, .type_ids = {0, 0, 1}, .special = {}, .offsets = {}},
                                       {.ids = {8}, .type_ids = {0}, .special = {}, .offsets = {}},
                                       {.ids = {4, 4}, .type_ids = {0, 0}, .special = {}, .offsets = {}}};

TEST(Pack, LaysTextsOneAfterAnotherAndFillsUpTheRow) {
  const Batch batch = pack({.length = 5, .slots = 2, .rows = {{0, 1}, {2}}}, kEncodings, 9);

  EXPECT_THAT(batch.input_ids, ElementsAre(5, 6, 7, 8, 9, 4, 4, 9, 9, 9));
  EXPECT_THAT(batch.token_type_ids, ElementsAre(0, 0, 1, 0, 0, 0, 0, 0, 0, 0));
}

TEST(Pack, TellsTheTextsOfARowApart) {
  const Batch batch = pack({.length = 5, .slots = 2, .rows = {{0, 1}, {2}}}, kEncodings, 9);

  EXPECT_THAT(batch.segment, ElementsAre(1, 1, 1, 2, 0, 1, 1, 0, 0, 0));
  EXPECT_THAT(batch.position_ids, ElementsAre(0, 1, 2, 0, 0, 0, 1, 0, 0, 0));
  EXPECT_THAT(batch.first, ElementsAre(0, 3, 0, 0));
}

TEST(Pack, RemembersWhichTextIsInWhichSlot) {
  const Batch batch = pack({.length = 5, .slots = 2, .rows = {{0, 1}, {2}}}, kEncodings, 9);

  EXPECT_THAT(batch.source, ElementsAre(0U, 1U, 2U, kNoText));
  EXPECT_EQ(batch.tokens, 6U);
}

}  // namespace
}  // namespace tastevin::batch
