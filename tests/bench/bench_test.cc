// What a report says; how fast it says the machine is, is not tested.

#include "tastevin/bench.h"

#include <gtest/gtest.h>

#include "support/fails_with.h"
#include "support/files.h"

namespace tastevin {
namespace {

BenchReport short_report(const std::vector<std::string>& texts) {
  return bench_model(source_file("models/sst2-tiny"), texts, {.model = {.device = "CPU"}, .seconds = 0});
}

TEST(BenchModel, CountsEqualTextsOnce) {
  const BenchReport report = short_report({"good", "bad", "good"});

  EXPECT_EQ(report.texts, 2U);
  EXPECT_EQ(report.tokens, 6U);
}

TEST(BenchModel, TakesOnePassAtLeast) {
  const BenchReport report = short_report({"good"});

  EXPECT_EQ(report.passes, 1U);
  EXPECT_EQ(report.latency.calls, 1U);
}

TEST(BenchModel, GivesSharesThatSumUpToOne) {
  const BenchReport report = short_report({"good", "bad"});

  const TimeShares& shares = report.shares;
  EXPECT_NEAR(shares.tokenize + shares.batch + shares.infer + shares.decide, 1, 1e-9);
}

TEST(BenchModel, GivesEveryRate) {
  const BenchReport report = short_report({"good", "bad"});

  EXPECT_GT(report.texts_per_s, 0);
  EXPECT_NEAR(report.tokens_per_s, 3 * report.texts_per_s, 1e-6 * report.tokens_per_s);
  EXPECT_GT(report.gflops, 0);
  EXPECT_GT(report.peak_gflops, 0);
  EXPECT_GT(report.latency.p99_ms, 0);
  EXPECT_GT(report.rss_mb, report.anonymous_mb);
}

TEST(BenchModel, RefusesNoText) {
  EXPECT_THAT([] { short_report({}); }, fails_with(ErrorCode::invalid_argument, "text"));
}

}  // namespace
}  // namespace tastevin
