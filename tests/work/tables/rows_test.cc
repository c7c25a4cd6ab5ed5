#include "work/tables/rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tastevin::tables {
namespace {

using ::testing::ElementsAre;

TEST(Rows, KeepErrorsInTheirRowsWhenBlocksAreJoined) {
  Rows rows{{{"a", "b"}}, {}, {}, {}};
  append(rows, {{{"", "d"}}, {"broken", ""}, {}, {}});
  append(rows, {{{"e"}}, {}, {}, {}});

  EXPECT_THAT(rows.columns[0], ElementsAre("a", "b", "", "d", "e"));
  EXPECT_THAT(rows.errors, ElementsAre("", "", "broken", "", ""));

  const Rows first = take(rows, 3);
  EXPECT_THAT(first.columns[0], ElementsAre("a", "b", ""));
  EXPECT_THAT(first.errors, ElementsAre("", "", "broken"));
  EXPECT_THAT(rows.columns[0], ElementsAre("d", "e"));
}

TEST(Rows, AreTakenAcrossTypedBlocks) {
  Rows rows{{{"a", "b", "c", "d", "e"}}, {}, {}, {{nullptr, 0, 2}, {nullptr, 10, 3}}};

  const Rows first = take(rows, 3);

  ASSERT_EQ(first.typed.size(), 2U);
  EXPECT_EQ(first.typed[1].begin, 10U);
  EXPECT_EQ(first.typed[1].count, 1U);
  ASSERT_EQ(rows.typed.size(), 1U);
  EXPECT_EQ(rows.typed[0].begin, 11U);
  EXPECT_EQ(rows.typed[0].count, 2U);
}

TEST(Rows, AreFewerAtTheEnd) {
  Rows rows{{{"a"}}, {}, {}, {}};

  EXPECT_EQ(take(rows, 5).count(), 1U);
  EXPECT_EQ(rows.count(), 0U);
}

}  // namespace
}  // namespace tastevin::tables
