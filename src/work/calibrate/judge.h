#pragma once

// What a calibration is learnt from.

#include <string>
#include <vector>

#include "tastevin/evaluate.h"

namespace tastevin::calibrating {

/// The answers to labelled texts, read as `reading` says, all scores and logits among them. `command` is what messages
/// call the caller. Throws `Error{invalid_argument}` for fewer than 10 texts, and for a model that does not give one
/// label of many.
std::vector<Prediction> answers_to_judge(const Classifier& classifier, const LabelledTexts& truth,
                                         const ClassifyOptions& reading, const std::string& command);

}  // namespace tastevin::calibrating
