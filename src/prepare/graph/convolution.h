#pragma once

// Convolution along the tokens of a text.

#include <cstddef>

#include "prepare/graph/sequence.h"
#include "prepare/graph/weights.h"

namespace tastevin::graph {

/// `x` [B, T, H] with `weight` [H, H, kernel] and `bias` [H], an odd `kernel`, zeros beyond both ends of each text:
/// [B, T, H]. A product for each place of the kernel, so that it stays inside a text where a row holds several.
Value convolve(const Value& x, const Sequence& sequence, const Scope& scope, std::size_t kernel);

}  // namespace tastevin::graph
