#include "work/steps/steps.h"

#include <gtest/gtest.h>

#include <string>

#include "support/fails_with.h"
#include "support/files.h"

namespace tastevin {
namespace {

const Classifier& model() {
  static const Classifier classifier = Classifier::load(source_file("tests/golden/tiny/gelu-f32"), {.device = "CPU"});
  return classifier;
}

/// 10 texts of 4 KB, each another.
std::vector<std::string> long_texts() {
  std::vector<std::string> texts;
  for (int i = 0; i < 10; ++i) texts.push_back(std::to_string(i) + std::string(4096, ' '));
  return texts;
}

std::vector<Prediction> predicted(const std::vector<std::string>& texts, const std::function<void()>& before_step) {
  const std::vector<Text> views(texts.begin(), texts.end());
  return predict_in_steps(model(), views, {.logits = true}, before_step);
}

TEST(PredictInSteps, AnswersAsAllTogether) {
  const std::vector<std::string> texts = long_texts();
  std::size_t steps = 0;
  const auto whole = predicted(texts, {});
  const auto found = predicted(texts, [&steps] { ++steps; });
  EXPECT_EQ(steps, 4U) << "of at most 16 KiB, 3 texts each";
  ASSERT_EQ(found.size(), whole.size());
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (std::size_t k = 0; k < whole[i].logits.size(); ++k) EXPECT_NEAR(found[i].logits[k], whole[i].logits[k], 1e-5F);
}

TEST(PredictInSteps, TakesATextThatIsLargerThanAStepAlone) {
  std::size_t steps = 0;
  const std::string huge = "a" + std::string(100'000, ' ');
  EXPECT_EQ(predicted({huge, "b", "c"}, [&steps] { ++steps; }).size(), 3U);
  EXPECT_EQ(steps, 2U);
}

TEST(PredictInSteps, EndsWithWhatIsThrownBetweenSteps) {
  std::size_t steps = 0;
  const auto leave = [&steps] {
    if (++steps == 2) throw Error(ErrorCode::deadline, "too late");
  };
  EXPECT_THAT([&] { predicted(long_texts(), leave); }, fails_with(ErrorCode::deadline, "too late"));
  EXPECT_EQ(steps, 2U);
}

}  // namespace
}  // namespace tastevin
