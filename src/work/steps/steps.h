#pragma once

// Answers to the many texts that are made of one: its variants without a word, its pairs with labels. In steps, so that
// who asked for them can leave between two.

#include <functional>
#include <span>
#include <vector>

#include "tastevin/classifier.h"

namespace tastevin {

/// As `Classifier::classify` answers. Where there is a `before_step`, it is called before each step of some texts, 16
/// KiB of them or one; what it throws comes through. Without one all texts are packed together.
std::vector<Prediction> predict_in_steps(const Classifier& classifier, std::span<const Text> texts,
                                         const ClassifyOptions& options, const std::function<void()>& before_step);

}  // namespace tastevin
