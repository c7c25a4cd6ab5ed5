#pragma once

// Labels that nobody trained a model for: a model of natural language inference judges whether a text entails
// "This example is LABEL." (Yin et al. 2019). Answers are those of the transformers pipeline
// "zero-shot-classification", but that contradiction is found by its name (of two labels it is the other one) and not
// by its place.
//
//   const std::vector<std::string> labels{"refund", "delivery", "praise"};
//   const auto answers = tastevin::zero_shot(classifier, texts, labels);
//   // answers[0].label == "refund", answers[0].scores[0].score == 0.94

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "tastevin/classifier.h"

namespace tastevin {

struct ZeroShotOptions {
  std::string hypothesis_template = "This example is {}.";
  bool multi_label = false;
  /// Called before each step of some pairs, on the calling thread; what it throws ends the work. None: all pairs are
  /// packed together.
  std::function<void()> before_step = {};

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("template", self.hypothesis_template, "what is judged of each label, which takes the place of {}");
    visit("multi-label", self.multi_label,
          "judge each label on its own; several may hold, and scores do not sum up to 1");
  }
};

/// Whether the model's labels are those of inference.
bool can_zero_shot(const ModelInfo& model);

/// The answer to each text: every label with its score, best first. All pairs of a call are packed together; a pair
/// that is too long loses tokens of its text, never of the label. Throws `Error{unsupported_model}` for a model whose
/// labels name no entailment, or, where it is needed, no contradiction; `Error{invalid_argument}` for no label, an
/// empty one, and a template without {}.
std::vector<Prediction> zero_shot(const Classifier& classifier, std::span<const std::string> texts,
                                  std::span<const std::string> labels, const ZeroShotOptions& options = {});

/// The same, with labels of its own for each text.
std::vector<Prediction> zero_shot(const Classifier& classifier, std::span<const std::string> texts,
                                  std::span<const std::vector<std::string>> label_sets,
                                  const ZeroShotOptions& options = {});

}  // namespace tastevin
