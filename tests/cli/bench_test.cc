// `tastevin bench` as its users run it. What it measures is not tested here.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/program_under_test.h"
#include "support/temporary_folder.h"

namespace tastevin {
namespace {

using ::testing::HasSubstr;

Json only_line(const Ended& ended) {
  EXPECT_EQ(ended.code, 0) << ended.err;
  const auto lines = json_lines(ended.out);
  return lines.size() == 1 ? lines.front() : Json();
}

TEST(Bench, PrintsOneJsonObjectWithEveryFigure) {
  const Json report = only_line(tastevin({"bench", "--seconds", "0.2", "--json"}));

  for (const char* key : {"texts_per_s", "tokens_per_s", "filler_share", "outside_inference_share", "gflops",
                          "peak_gflops", "rss_mb", "threads", "streams"})
    EXPECT_TRUE(report.contains(key) && report[key].is_number()) << key;
  for (const char* key : {"p50", "p90", "p99"}) EXPECT_TRUE(report["latency_ms"][key].is_number()) << key;
  EXPECT_EQ(report["precision"], "f32");
}

TEST(Bench, PrintsATableForPeople) {
  const Ended ended = tastevin({"bench", "--seconds", "0"});

  for (const char* word : {"texts/s", "p99", "filler", "inference", "GFLOP/s", "resident"})
    EXPECT_THAT(ended.out, HasSubstr(word));
}

TEST(Bench, TakesTheTextsOfAFile) {
  const TemporaryFolder folder;
  const auto file = folder.write("rows.tsv", "label\ttext\n1\tgood\n0\tbad\n").string();

  EXPECT_EQ(only_line(tastevin({"bench", "--texts", file, "--seconds", "0", "--json"}))["texts"], 2);
}

TEST(Bench, EndsWithThreeWhenThereIsNoFile) {
  const Ended ended = tastevin({"bench", "--texts", "no/such/file"});

  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, HasSubstr("no/such/file"));
}

TEST(BenchTokenizer, PrintsRatesAsJson) {
  const Json report = only_line(tastevin({"bench", "tokenizer", "--seconds", "0", "--offsets", "--json"}));

  EXPECT_TRUE(report["texts_per_s"].is_number());
  EXPECT_TRUE(report["mb_per_s"].is_number());
  EXPECT_EQ(report["threads"], 1);
}

TEST(BenchStartup, PrintsAnObjectAModel) {
  const Json report = only_line(tastevin({"bench", "startup", "--runs", "1", "--json"}));

  for (const char* key : {"first_label_ms", "exit_ms", "rss_mb", "anonymous_mb", "peak_mb"})
    EXPECT_TRUE(report[key]["median"].is_number()) << key;
}

}  // namespace
}  // namespace tastevin
