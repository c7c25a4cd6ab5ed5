#include "base/halves.h"

#include <gmock/gmock.h>

#include <set>
#include <vector>

namespace tastevin {
namespace {

using testing::ElementsAre;

/// What becomes of `count` items of which `broken` are refused, alone and with others.
struct Halves {
  Halves(std::size_t count, const std::set<std::size_t>& broken) {
    by_halves(
        0, count,
        [&](std::size_t first, std::size_t some) -> std::optional<Error> {
          ++calls;
          const auto found = broken.lower_bound(first);
          if (found != broken.end() && *found < first + some) return Error(ErrorCode::too_large, "refused");
          for (std::size_t i = first; i < first + some; ++i) done.push_back(i);
          return std::nullopt;
        },
        [&](std::size_t item, const Error&) { refused.push_back(item); });
  }

  std::vector<std::size_t> done;
  std::vector<std::size_t> refused;
  std::size_t calls = 0;
};

TEST(ByHalves, RunsAllInOneCallWhereNoneIsRefused) {
  const Halves all(1000, {});
  EXPECT_EQ(all.done.size(), 1000);
  EXPECT_EQ(all.calls, 1);
}

TEST(ByHalves, OfNothingCallsNothing) { EXPECT_EQ(Halves(0, {}).calls, 0); }

std::vector<std::size_t> all_but(std::size_t one, std::size_t count) {
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < count; ++i)
    if (i != one) others.push_back(i);
  return others;
}

TEST(ByHalves, DoesEveryItemOnceInOrder) {
  for (std::size_t count = 1; count < 12; ++count) {
    for (std::size_t broken = 0; broken < count; ++broken) {
      const Halves halves(count, {broken});
      EXPECT_THAT(halves.refused, ElementsAre(broken));
      EXPECT_EQ(halves.done, all_but(broken, count));
    }
  }
}

TEST(ByHalves, RefusesEachThatIsRefusedAlone) {
  const Halves halves(5, {1, 3, 4});
  EXPECT_THAT(halves.refused, ElementsAre(1, 3, 4));
  EXPECT_THAT(halves.done, ElementsAre(0, 2));
}

TEST(RefusalOf, IsOfWhatIsTooLargeOnly) {
  EXPECT_FALSE(refusal_of([] {}));
  EXPECT_EQ(refusal_of([] { throw Error(ErrorCode::too_large, "x"); }).value().code(), ErrorCode::too_large);
  EXPECT_THROW(refusal_of([] { throw Error(ErrorCode::internal, "x"); }), Error);
}

}  // namespace
}  // namespace tastevin
