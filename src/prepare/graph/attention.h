#pragma once

// Multi-head attention (Vaswani et al. 2017), whole and in its steps for families that do something between them.

#include <cstddef>
#include <cstdint>

#include "prepare/graph/blocks.h"
#include "prepare/graph/ops.h"
#include "prepare/graph/weights.h"

namespace tastevin::graph {

/// Which tokens ask, which are seen, and the mask that is added to their scores. When the head reads the first token
/// only, the last layer's `queries` hold that token alone: the same logits for a fraction of the work.
struct Attention {
  Value queries;  // [B, Q, H]
  Value context;  // [B, T, H]
  Value mask;     // broadcasts to [B, heads, Q, T]
  std::size_t heads;
};

/// Names of the four projections inside the attention's scope.
struct Projections {
  const char* query;
  const char* key;
  const char* value;
  const char* output;
};

/// The queries' view of the context, projected: [B, Q, H].
Value attend(const Attention& attention, const Scope& scope, const Projections& names);

/// What each head asks with, is found by, and says: [B, heads, Q or T, H / heads].
struct Heads {
  Value query;
  Value key;
  Value value;
};
Heads project_heads(const Attention& attention, const Scope& scope, const Projections& names);

/// [B, T, H] -> [B, heads, T, H / heads]
Value split_heads(const Value& x, std::size_t heads);

/// Whether scores are divided by the root of the heads' width, or the queries carry their scale already.
enum class Scale : std::uint8_t { by_width, none };

/// Values mixed by softmax(scale * query x key + mask), the heads side by side again: [B, Q, H].
Value mix(const Heads& heads, const Value& mask, Scale scale = Scale::by_width);

}  // namespace tastevin::graph
