#pragma once

// Labelled texts as a classifier takes them, and what it says of them.

#include <string>
#include <vector>

#include "tastevin/evaluate.h"

namespace tastevin {

/// The answers to the texts of `truth`, read as `reading` says, with all scores and logits. Throws
/// `Error{invalid_argument}`, in the name of `command`, where there are no texts, not a truth for each, or one that is
/// no label of the model, and `Error{internal}` where an answer is no number. The error of a text that is refused names
/// its row, from 1.
std::vector<Prediction> answers_to(const Classifier& classifier, const LabelledTexts& truth,
                                   const ClassifyOptions& reading, const std::string& command);

/// How many of the texts were cut to fit.
std::size_t count_truncated(const std::vector<Prediction>& answers);

}  // namespace tastevin
