#pragma once

// From the token that a head reads to logits.

#include "prepare/checkpoint/config.h"
#include "prepare/graph/blocks.h"

namespace tastevin::graph {

/// One logit a label. Throws `Error{bad_checkpoint}` when the config declares labels and the layer has not as many.
Value label_scores(const Value& x, const Scope& scope, const checkpoint::ModelConfig& config);

/// `dense`, an activation, `out_proj`: the head of RoBERTa and of those that took it over.
Value dense_head(const Value& x, const Scope& scope, const checkpoint::ModelConfig& config, const char* activation);

}  // namespace tastevin::graph
