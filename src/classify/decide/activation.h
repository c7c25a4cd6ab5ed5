#pragma once

// From logits to scores.

#include <optional>
#include <span>
#include <string_view>

#include "tastevin/model_info.h"
#include "tastevin/options.h"

namespace tastevin::decide {

/// What a config says about its scores.
struct ScoreRule {
  std::optional<Task> problem_type;
  std::size_t labels = 0;
  std::string_view function_to_apply;  // empty when the config has none
};

/// The function that the transformers pipeline takes, in its order: regression none; multi-label or one label sigmoid;
/// single-label or several labels softmax; else the config's own.
Activation default_activation(const ScoreRule& rule);

/// Replaces one row of logits by scores. Softmax subtracts the largest logit first, so no finite row overflows.
void to_scores(Activation activation, std::span<float> row);

}  // namespace tastevin::decide
