#pragma once

// Labelled texts as a classifier takes them, and what it says of them.

#include <vector>

#include "tastevin/evaluate.h"
namespace tastevin {

/// The answers to the texts of `truth`, read as `reading` says, with all scores and logits. The error of a text that is
/// refused names its row, from 1.
std::vector<Prediction> answers_to(const Classifier& classifier, const LabelledTexts& truth,
                                   const ClassifyOptions& reading);

}  // namespace tastevin
