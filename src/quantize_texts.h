#pragma once

// The texts that a quantization is made and judged with.

#include "graph_answers.h"
#include "tastevin/quantize.h"

namespace tastevin {

struct QuantizeTexts {
  std::vector<std::string> calibration;  // what activations are observed on
  JudgedTexts judged;                    // what the promise is judged by
};

/// Reads the files of `options`; `labels` are the model's. Calibration texts are drawn evenly from their file, and what
/// is left of it is held back to judge by, unless there are labelled texts. Throws `Error{invalid_argument}` for too
/// few texts, a missing column, and a label that the model does not know.
QuantizeTexts read_quantize_texts(const QuantizeOptions& options, const std::vector<std::string>& labels);

}  // namespace tastevin
