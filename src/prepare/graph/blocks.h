#pragma once

// The blocks that every encoder is composed of. A block knows the names of its own tensors only where all families
// agree on them (`weight`, `bias`); the family's page gives the rest.

#include <cstddef>
#include <cstdint>
#include <string>

#include "prepare/graph/ops.h"
#include "prepare/graph/weights.h"

namespace tastevin::graph {

enum class Bias : std::uint8_t { added, none };

/// `x` [.., in] -> [.., out] by `part` of `weight` [part.count * out, in] and, where there is one, of `bias`.
Value linear(const Value& x, const Scope& scope, std::size_t out, Bias bias = Bias::added, Part part = {});

/// Layer normalisation over the last axis (Ba et al. 2016), with gain `weight` and, where there is one, shift `bias`.
Value norm(const Value& x, const Scope& scope, double epsilon, Bias bias = Bias::added);

/// The residual step: norm(x + residual).
Value add_norm(const Value& x, const Value& residual, const Scope& scope, double epsilon);

/// Rows of the table `weight` [rows, width] at `ids`.
struct TableSize {
  std::size_t rows;
  std::size_t width;
};
Value embed(const Value& ids, const Scope& scope, TableSize size);

/// Two linear layers around an activation; `inner` is the width between them.
struct FeedForward {
  std::size_t inner;
  std::string activation;
  const char* up;
  const char* down;
};
Value feed_forward(const Value& x, const Scope& scope, const FeedForward& shape);

/// The same with twice the width inside, of which the activated half is multiplied by the other (Shazeer 2020).
Value gated_feed_forward(const Value& x, const Scope& scope, const FeedForward& shape, Bias bias);

}  // namespace tastevin::graph
