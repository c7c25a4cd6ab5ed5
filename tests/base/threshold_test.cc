#include "base/threshold.h"

#include <gtest/gtest.h>

#include <limits>

#include "support/fails_with.h"

namespace tastevin {
namespace {

TEST(Threshold, IsAScoreUnlessScoresAreRaw) {
  for (const float threshold : {1.5F, -0.1F, std::numeric_limits<float>::quiet_NaN()}) {
    for (const Task task : {Task::single_label, Task::multi_label}) {
      EXPECT_THAT([&] { check_threshold({.threshold = threshold}, task); },
                  fails_with(ErrorCode::invalid_argument, "threshold: expected 0 to 1, found "));
      EXPECT_NO_THROW(check_threshold({.threshold = threshold, .function_to_apply = Activation::none}, task));
    }
    EXPECT_NO_THROW(check_threshold({.threshold = threshold}, Task::regression));
  }
  EXPECT_NO_THROW(check_threshold({.threshold = 1.0F}, Task::single_label));
  EXPECT_NO_THROW(check_threshold({}, Task::single_label));
}

}  // namespace
}  // namespace tastevin
