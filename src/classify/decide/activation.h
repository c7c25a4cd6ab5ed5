#pragma once

// From logits to scores.

#include <cstddef>
#include <optional>
#include <span>

#include "tastevin/model_info.h"
#include "tastevin/options.h"

namespace tastevin::decide {

/// The function that the transformers pipeline takes, in its order: regression none; multi-label or one label sigmoid;
/// else softmax. (A config's own `function_to_apply` comes last there, for a model without labels: there is none.)
Activation default_activation(std::optional<Task> problem_type, std::size_t labels);

/// Replaces one row of logits by scores. Softmax subtracts the largest logit first, so no finite row overflows.
void to_scores(Activation activation, std::span<float> row);

}  // namespace tastevin::decide
