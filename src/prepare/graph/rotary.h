#pragma once

// Rotary positions (Su et al. 2021): pairs of a head's numbers turned by an angle that grows with the position, so that
// the score of two tokens depends on how far apart they are. A pair is number i and number i + width / 2.

#include <cstddef>

#include "prepare/graph/ops.h"

namespace tastevin::graph {

struct Rotation {
  Value cosine;  // [.., 1, T, width / 2]
  Value sine;
};

/// The angles grow by 1 a position for the first pair and ever slower for the next, down to nearly 1 / `theta`.
struct RotaryShape {
  std::size_t positions;
  std::size_t width;
  double theta;
};

/// The rotations of `positions` [.., T]. They are looked up in tables: computed in the graph, a device that works in
/// bf16 would round the angles.
Rotation rotation_at(const Value& positions, const RotaryShape& shape);

/// `x` [B, heads, T, width], turned.
Value rotate(const Value& x, const Rotation& rotation);

}  // namespace tastevin::graph
