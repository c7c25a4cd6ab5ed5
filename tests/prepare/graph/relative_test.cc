#include "prepare/graph/relative.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tastevin::graph {
namespace {

std::uint64_t hash_of(const Buckets& buckets) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const std::int64_t bucket : buckets) hash = (hash ^ static_cast<std::uint64_t>(bucket)) * 0x100000001B3U;
  return hash;
}

TEST(WideningBuckets, WidenByPowersBothWays) {
  const Buckets buckets = widening_buckets(32, 128);
  const auto at = [&buckets](std::int64_t distance) { return buckets.at(static_cast<std::size_t>(distance + 128)); };

  EXPECT_THAT((std::vector{at(0), at(1), at(7), at(8), at(11), at(12)}), ::testing::ElementsAre(0, 1, 7, 8, 8, 9));
  EXPECT_THAT((std::vector{at(15), at(16), at(31), at(32), at(63), at(64)}),
              ::testing::ElementsAre(9, 10, 11, 12, 13, 14));
  EXPECT_THAT((std::vector{at(90), at(91), at(127), at(128)}), ::testing::ElementsAre(14, 15, 15, 15));
  EXPECT_THAT((std::vector{at(-1), at(-8), at(-128)}), ::testing::ElementsAre(17, 24, 31));
}

TEST(CentredBuckets, AreExactUpToHalfOfTheirSpan) {
  const Buckets buckets = centred_buckets(256, 512, 512);
  const auto at = [&buckets](std::int64_t distance) { return buckets.at(static_cast<std::size_t>(distance + 512)); };

  EXPECT_THAT((std::vector{at(0), at(1), at(-1), at(128), at(129)}), ::testing::ElementsAre(256, 257, 255, 384, 385));
  EXPECT_THAT((std::vector{at(131), at(200), at(300), at(511)}), ::testing::ElementsAre(387, 425, 463, 511));
  EXPECT_THAT((std::vector{at(512), at(-511), at(-512)}), ::testing::ElementsAre(511, 1, 0));
}

TEST(CentredBuckets, AreThoseOfTheReferenceForAnySpan) {
  // Hashes of what make_log_bucket_position of transformers 4.57.6 gives, shifted by the span and cut to the table.
  struct Case {
    std::int64_t span, far, reach;
    std::uint64_t hash;
  };
  for (const auto& [span, far, reach, hash] : {
           Case{256, 512, 512, 0x25ECAA09D1201620U},
           Case{256, 512, 2000, 0x61D43BC9C65BBA90U},
           Case{16, 505, 505, 0xBDF6E028364F473AU},
           Case{9, 100, 505, 0x345C2A1D72E323U},
           Case{32, 512, 1000, 0x363AAB671852E61AU},
           Case{320, 512, 512, 0x28953AEDB2E7FE2U},
           Case{128, 256, 600, 0x243A32B66CD78A86U},
           Case{256, 256, 512, 0xD198586C2F93475EU},
           Case{255, 511, 700, 0xCBF1D53F26A75637U},
           Case{2, 40, 100, 0xFB327808B048E1F5U},
           Case{64, 128, 4000, 0xD02E1AD744E8567EU},
       }) {
    EXPECT_EQ(hash_of(centred_buckets(span, far, reach)), hash) << span << " " << far << " " << reach;
  }
}

TEST(PlainBuckets, GiveEachDistanceItsOwnWithinTheSpan) {
  EXPECT_EQ(plain_buckets(2, 3), (Buckets{0, 0, 1, 2, 3, 3, 3}));
}

}  // namespace
}  // namespace tastevin::graph
