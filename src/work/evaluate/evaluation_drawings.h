#pragma once

// The drawings of an evaluation's page, as inline SVG.

#include <string>

#include "tastevin/evaluate.h"

namespace tastevin::drawings {

/// Bars of the share that is right, by confidence; on the diagonal, scores mean what they say.
std::string reliability(const Evaluation& found);

/// Precision by recall, a line for each label; of two labels the second's alone.
std::string precision_recall(const Evaluation& found);

/// Precision and recall by threshold: of two labels the second's, else of each of the first twelve.
std::string thresholds(const Evaluation& found);

/// Texts by the score of their answer, the wrong ones on top of the right ones.
std::string scores(const Evaluation& found);

/// The share of wrong answers by a text's number of tokens; of a regression how far they are from the truth.
std::string lengths(const Evaluation& found);

/// Of a regression, answers by what is true.
std::string values(const Evaluation& found);

}  // namespace tastevin::drawings
