#include <gtest/gtest.h>

#include "support/fails_with.h"
#include "support/files.h"
#include "tastevin/bench.h"

namespace tastevin {
namespace {

const std::vector<std::string> kTexts{"good", "not bad"};

TokenizerReport short_report(std::size_t threads) {
  return bench_tokenizer(source_file("models/sst2-tiny"), kTexts, {.threads = threads, .seconds = 0});
}

TEST(BenchTokenizer, RepeatsTheTextsUntilThereIsEnoughToTime) {
  const TokenizerReport report = short_report(1);

  EXPECT_GT(report.bytes, 1'000'000U);
  EXPECT_EQ(report.texts % kTexts.size(), 0U);
  EXPECT_EQ(report.tokens, report.texts / 2 * (3 + 4));
}

TEST(BenchTokenizer, EncodesEveryTextOnceOnSeveralThreads) {
  EXPECT_EQ(short_report(3).tokens, short_report(1).tokens);
}

TEST(BenchTokenizer, RefusesNoThread) {
  EXPECT_THAT([] { short_report(0); }, fails_with(ErrorCode::invalid_argument, "thread"));
}

}  // namespace
}  // namespace tastevin
