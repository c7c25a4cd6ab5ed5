#pragma once

// What a graph in memory answers to texts, and how the answers of two compare. For those who change a graph and must
// know what it did.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "open_model.h"
#include "tastevin/quantize.h"

namespace tastevin {

struct JudgedTexts {
  std::vector<std::string> texts;
  std::vector<std::size_t> labels;  // ids, one a text; empty when nobody labelled them
};

struct Answers {
  std::vector<std::vector<float>> logits;  // one a text
  double texts_per_s = 0;                  // best of two passes over the first 256 at most
};

/// Compiles a copy of `graph` and runs it on `texts`; `parts` has the tokenizer and the limits.
Answers answers_of(const std::shared_ptr<ov::Model>& graph, const ModelParts& parts, std::span<const std::string> texts,
                   std::size_t threads);

/// `model` says what the logits mean: labels of which one is a text's, or such as hold on their own.
QuantizeQuality compare(const Answers& before, const Answers& after, const JudgedTexts& texts, const ModelInfo& model);

/// The root mean square of the differences of all logits.
double distance(const Answers& left, const Answers& right);

}  // namespace tastevin
