#pragma once

// A classifier's answers against those of transformers.

#include <gtest/gtest.h>

#include <cmath>

#include "support/golden.h"
#include "tastevin/classifier.h"

namespace tastevin {

inline constexpr float kReferenceTolerance = 1e-4F;  // f32 sums in another order than torch's

inline std::vector<Text> texts_of(const std::vector<GoldenCase>& cases) {
  std::vector<Text> texts;
  for (const GoldenCase& one : cases)
    texts.push_back({one.text, one.pair ? std::optional<std::string_view>(*one.pair) : std::nullopt});
  return texts;
}

inline float largest_difference(const std::vector<float>& left, const std::vector<float>& right) {
  float largest = left.size() == right.size() ? 0.0F : INFINITY;
  for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i)
    largest = std::max(largest, std::abs(left[i] - right[i]));
  return largest;
}

/// That `classifier` gives each case its label, logits and scores.
inline void expect_golden(const Classifier& classifier, const std::vector<GoldenCase>& cases) {
  const auto predictions = classifier.classify(texts_of(cases), {.top_k = 0, .logits = true}).predictions;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(predictions[i].label, cases[i].label) << cases[i].text;
    EXPECT_LT(largest_difference(predictions[i].logits, cases[i].logits), kReferenceTolerance) << cases[i].text;
    for (std::size_t k = 0; k < cases[i].scores.size(); ++k) {
      EXPECT_NEAR(predictions[i].scores[k].score, cases[i].scores[k], kReferenceTolerance) << cases[i].text;
    }
  }
}

}  // namespace tastevin
