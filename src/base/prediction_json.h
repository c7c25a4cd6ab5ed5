#pragma once

// A prediction as JSON, the same wherever it is shown.

#include "base/json.h"
#include "tastevin/prediction.h"

namespace tastevin {

/// [{"label", "score"}, ...], best first.
AnswerJson scores_json(const Prediction& prediction);

/// [{"begin", "end", "label", "score"}, ...], of a text that was read in more than one, in order.
AnswerJson windows_json(const Prediction& prediction);

/// Adds label, score, scores, labels (of several at once), logits (where there are any), tokens, truncated, windows.
void add_prediction(AnswerJson& object, const Prediction& prediction);

}  // namespace tastevin
