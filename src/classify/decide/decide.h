#pragma once

// The last step: a row of logits becomes a prediction.

#include <span>
#include <string>
#include <vector>

#include "flow/flow.h"
#include "tastevin/model_info.h"
#include "tastevin/options.h"

namespace tastevin::decide {

/// What a model's answers mean. Made once at load.
struct Meaning {
  std::vector<std::string> labels;  // in id order
  Task task = Task::single_label;
  Activation activation = Activation::softmax;
  Calibration calibration = {};
};

/// Makes scores of a row of logits: of the model's own function (with its calibration) or of another one asked for.
void to_scores(std::span<float> row, const Meaning& meaning, const ClassifyOptions& options);

/// The prediction of one row (`row.size() == meaning.labels.size()`); `tokens` and `truncated` are left alone.
Prediction decide(std::span<const float> row, const Meaning& meaning, const ClassifyOptions& options);

}  // namespace tastevin::decide
