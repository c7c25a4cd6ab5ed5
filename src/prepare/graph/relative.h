#pragma once

// What depends on how far apart two tokens stand. Distances are those of the row: inside a text they are the text's
// own, also when a row holds several, and tokens of different texts do not see each other.

#include <cstdint>
#include <vector>

#include "prepare/graph/ops.h"

namespace tastevin::graph {

/// How far each of `queries` [.., Q] stands behind each of `keys` [1, T], both given by row index: [.., Q, T].
Value distances(const Value& queries, const Value& keys);

/// For each distance from -reach to reach in order the number of a bucket.
using Buckets = std::vector<std::int64_t>;

/// Buckets of MPNet (those of T5, Raffel et al. 2020): half of `count` for each direction; exact up to a quarter of
/// `count`, wider and wider up to `reach`.
Buckets widening_buckets(std::int64_t count, std::int64_t reach);

/// Buckets of DeBERTa (He et al. 2021): exact up to half of `span`, wider and wider up to `far`; numbered from 0 to
/// 2 * span - 1, `span` for distance 0.
Buckets centred_buckets(std::int64_t span, std::int64_t far, std::int64_t reach);

/// The same with every distance in a bucket of its own.
Buckets plain_buckets(std::int64_t span, std::int64_t reach);

/// Each of `distance` as its bucket; what is further away than the buckets reach takes the last.
Value bucket_of(const Value& distance, const Buckets& buckets);

/// Added to scores: 0 where |distance| <= `reach`, very low elsewhere: [.., Q, T] -> [.., 1, Q, T].
Value window_mask(const Value& distance, std::int64_t reach);

/// Added to scores: 0 where the key is the query itself or before it, very low elsewhere.
Value causal_mask(const Value& distance);

}  // namespace tastevin::graph
