#pragma once

// `hidden_act` of a config as an operation.

#include <string>

#include "prepare/graph/ops.h"

namespace tastevin::graph {

/// Applies the function that transformers calls `name`: "gelu" is the exact (erf) form, "gelu_new" the tanh one.
/// Throws `Error{unsupported_model}` naming a function that is not built here.
Value activate(const Value& x, const std::string& name);

}  // namespace tastevin::graph
