// A text in a row with others gets the answer that it gets alone, on every real text there is.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "support/files.h"
#include "support/temporary_folder.h"
#include "tastevin/classifier.h"
#include "tastevin/quantize.h"

namespace tastevin {
namespace {

/// The lines of the shared data sets, labels and all: reviews, prompts, many languages and scripts.
std::vector<std::string> all_lines() {
  std::vector<std::string> lines;
  for (const char* name :
       {"sst2/dev.tsv", "injection/test.csv", "injection/validation.csv", "injection/train.csv", "multilingual.csv"}) {
    std::ifstream file(shared_file("data") / name);
    for (std::string line; std::getline(file, line);) lines.push_back(line);
  }
  return lines;
}

double margin_of(const Prediction& prediction) { return std::abs(prediction.logits[0] - prediction.logits[1]); }

/// That `model` answers all texts at once as it answers them one by one, and gives another label only where its margin
/// is within `tolerance`.
void expect_alone_as_together(const std::filesystem::path& model, Precision precision, double tolerance) {
  const std::vector<std::string> lines = all_lines();
  ASSERT_GT(lines.size(), 17'000U);
  const Classifier together =
      Classifier::load(model, {.device = "CPU", .precision = precision, .mode = Mode::throughput});
  const Classifier alone = Classifier::load(model, {.device = "CPU", .precision = precision, .mode = Mode::latency});
  const auto packed = together.classify(std::vector<Text>(lines.begin(), lines.end()), {.logits = true}).predictions;

  double worst = 0;
  std::size_t flipped = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Prediction one = alone.classify(lines[i], {.logits = true});
    for (std::size_t k = 0; k < one.logits.size(); ++k)
      worst = std::max(worst, static_cast<double>(std::abs(one.logits[k] - packed[i].logits[k])));
    if (one.label == packed[i].label) continue;
    ++flipped;
    EXPECT_LT(margin_of(one), tolerance) << lines[i];
  }
  std::printf("%zu texts: a logit differs by %.2g at most, %zu labels flipped\n", lines.size(), worst, flipped);
  EXPECT_LT(worst, tolerance);
}

TEST(Packing, ChangesNoAnswerInF32) {
  TASTEVIN_NEEDS_SHARED("models/sst2-minilm");
  expect_alone_as_together(shared_file("models/sst2-minilm"), Precision::f32, 1e-5);
}

TEST(Packing, ChangesNoClearAnswerInBf16) {
  TASTEVIN_NEEDS_SHARED("models/sst2-minilm");
  expect_alone_as_together(shared_file("models/sst2-minilm"), Precision::bf16, 5e-2);
}

void expect_int8_alone_as_together(QuantizeMethod method) {
  const TemporaryFolder folder;
  QuantizeOptions options{.method = method};
  options.calibration = shared_file("data/sst2/train.tsv").string();
  quantize(shared_file("models/sst2-minilm"), folder / "int8", options);

  // Differences of 1e-7 flip roundings, and a flip moves a logit by what a step is worth: 0.078 was the most seen.
  expect_alone_as_together(folder / "int8", Precision::f32, 0.1);
}

TEST(Packing, ChangesNoClearAnswerInInt8) {
  TASTEVIN_NEEDS_SHARED("models/sst2-minilm");
  expect_int8_alone_as_together(QuantizeMethod::weights);
  expect_int8_alone_as_together(QuantizeMethod::full);
}

}  // namespace
}  // namespace tastevin
