#pragma once

// What a token is before the first layer: its word, its place, and which text of a pair it belongs to.

#include <cstddef>

#include "prepare/checkpoint/config.h"
#include "prepare/graph/blocks.h"
#include "prepare/graph/sequence.h"

namespace tastevin::graph {

/// Rows of the tables: of positions, and of token types.
struct Places {
  Value position;
  Value type;
};

/// Words + token types + positions, normalised: [B, T, width]. The tables lie in `scope` under BERT's names.
Value embeddings(const Value& ids, const Places& places, const Scope& scope, const checkpoint::ModelConfig& config,
                 std::size_t width);

/// The token types of a family that reads them: an input of the graph, or row 0 where the table has no other.
Value token_types(const Sequence& sequence, const checkpoint::ModelConfig& config);

/// Positions as RoBERTa counts them: from `pad_token_id` + 1, leaving out tokens that are the padding token, also
/// inside of a text; those stand at `pad_token_id`. Refuses a table of positions that ends before.
Value positions_after_padding(const Sequence& sequence, const checkpoint::ModelConfig& config,
                              std::size_t pad_token_id);

}  // namespace tastevin::graph
