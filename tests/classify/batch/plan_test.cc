#include "classify/batch/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <numeric>
#include <random>
#include <set>

namespace tastevin::batch {
namespace {

std::vector<std::size_t> random_lengths(std::size_t count, std::size_t longest, unsigned seed = 7) {
  std::mt19937 random(seed);
  std::vector<std::size_t> lengths(count);
  for (std::size_t& length : lengths) length = 2 + random() % (longest - 1);
  return lengths;
}

std::size_t tokens_in(const std::vector<std::size_t>& row, std::span<const std::size_t> lengths) {
  return std::accumulate(row.begin(), row.end(), std::size_t{0},
                         [&](std::size_t sum, std::size_t text) { return sum + lengths[text]; });
}

class PlanOf : public ::testing::TestWithParam<Packing> {
 protected:
  PlanOptions options_{.packing = GetParam(), .limit = 512, .in_flight = 2, .cost = {}};
};

TEST_P(PlanOf, PutsEveryTextIntoExactlyOneRow) {
  const auto lengths = random_lengths(997, 512);

  std::vector<std::size_t> seen;
  for (const Request& request : plan(lengths, options_)) {
    for (const auto& row : request.rows) seen.insert(seen.end(), row.begin(), row.end());
  }
  std::ranges::sort(seen);

  std::vector<std::size_t> all(lengths.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  EXPECT_EQ(seen, all);
}

TEST_P(PlanOf, FillsNoRowBeyondItsLengthOrItsSlots) {
  const auto lengths = random_lengths(500, 700);

  for (const Request& request : plan(lengths, options_)) {
    for (const auto& row : request.rows) {
      EXPECT_LE(tokens_in(row, lengths), request.length);
      EXPECT_LE(row.size(), request.slots);
    }
  }
}

TEST_P(PlanOf, KeepsRequestsNearTheTokenBudget) {
  const auto lengths = random_lengths(500, 512);

  for (const Request& request : plan(lengths, options_)) {
    EXPECT_TRUE(request.rows.size() == 1 || request.rows.size() * request.length <= 768);
  }
}

TEST_P(PlanOf, MakesFewDistinctShapes) {
  std::set<std::tuple<std::size_t, std::size_t, std::size_t>> shapes;
  for (unsigned call = 0; call < 50; ++call) {
    for (const Request& request : plan(random_lengths(300, 512, call), options_)) {
      shapes.insert({request.rows.size(), request.length, request.slots});
    }
  }

  EXPECT_LE(shapes.size(), 120U);
}

TEST_P(PlanOf, NothingIsNothing) { EXPECT_TRUE(plan({}, options_).empty()); }

INSTANTIATE_TEST_SUITE_P(Batch, PlanOf, ::testing::Values(Packing::several_texts_a_row, Packing::one_text_a_row),
                         [](const auto& which) {
                           return which.param == Packing::several_texts_a_row ? "Packed" : "Padded";
                         });

TEST(Plan, FillsPackedRowsToTheBrim) {
  const auto lengths = random_lengths(1000, 60);
  const std::size_t tokens = std::accumulate(lengths.begin(), lengths.end(), std::size_t{0});

  std::size_t computed = 0;
  for (const Request& request : plan(lengths, {})) computed += request.rows.size() * request.length;

  EXPECT_LT(static_cast<double>(computed), 1.05 * static_cast<double>(tokens));
}

TEST(Plan, GivesEveryStreamOfTheDeviceItsShare) {
  const std::vector<std::size_t> lengths(8, 24);

  EXPECT_GE(plan(lengths, {.packing = Packing::several_texts_a_row, .limit = 512, .in_flight = 2, .cost = {}}).size(),
            2U);
}

TEST(Plan, GivesALongTextARowOfItsOwnLength) {
  const std::vector<std::size_t> lengths{2000, 5};

  const auto requests = plan(lengths, {});

  EXPECT_EQ(requests.front().length, 2048U);
}

// A shape that the device has not seen costs it 7 to 21 ms.
TEST_P(PlanOf, MakesFewShapesWhateverComes) {
  std::mt19937 random(11);
  std::set<std::array<std::size_t, 3>> shapes;
  for (unsigned call = 0; call < 2000; ++call) {
    for (const Request& request : plan(random_lengths(1 + random() % 64, 2 + random() % 500, call), options_))
      shapes.insert({request.rows.size(), request.length, request.slots});
  }

  EXPECT_LE(shapes.size(), 350U);
}

TEST(Plan, NeverPadsARowBeyondTheModelsLimit) {
  // 500 rounds to 512, which a model of 505 positions could not look up.
  const std::vector<std::size_t> lengths{500, 499};

  EXPECT_EQ(
      plan(lengths, {.packing = Packing::one_text_a_row, .limit = 505, .in_flight = 1, .cost = {}}).front().length,
      505U);
}

}  // namespace
}  // namespace tastevin::batch
