#pragma once

// Convolution along the tokens of a row.

#include <cstddef>

#include "prepare/graph/weights.h"

namespace tastevin::graph {

/// `x` [B, T, H] with `weight` [H, H, kernel] and `bias` [H], an odd `kernel`, zeros beyond both ends: [B, T, H].
Value convolve(const Value& x, const Scope& scope, std::size_t kernel);

}  // namespace tastevin::graph
