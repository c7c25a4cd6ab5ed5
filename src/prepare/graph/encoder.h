#pragma once

// The encoder that most families have in common: layers of attention and feed-forward, a normalisation after each. What
// differs from family to family are the names of the tensors.

#include <cstddef>
#include <functional>
#include <string>

#include "prepare/checkpoint/config.h"
#include "prepare/graph/attention.h"
#include "prepare/graph/sequence.h"

namespace tastevin::graph {

struct LayerShape {
  std::size_t heads;
  std::size_t inner;  // width inside the feed-forward block
  std::string activation;
  double epsilon;
};

/// The shape that the config gives to every layer.
LayerShape layer_shape(const checkpoint::ModelConfig& config);

/// Where a layer has its tensors.
struct LayerNames {
  const char* attention;
  Projections projections;  // inside `attention`
  const char* attention_norm;
  const char* up;
  const char* down;
  const char* output_norm;
};

/// The names in layers of BERT and of those that kept them.
inline constexpr LayerNames kBertLayer{"attention",
                                       {"self.query", "self.key", "self.value", "output.dense"},
                                       "attention.output.LayerNorm",
                                       "intermediate.dense",
                                       "output.dense",
                                       "output.LayerNorm"};

/// A layer with its normalisations after attention and feed-forward: [B, Q, H].
Value layer(const Attention& attention, const Scope& scope, const LayerNames& names, const LayerShape& shape);

/// The part of it that follows the attention, which gave `attended` for the tokens `queries`.
Value after_attention(const Value& attended, const Value& queries, const Scope& scope, const LayerNames& names,
                      const LayerShape& shape);

/// The masks of all tokens' queries and of the first tokens' alone.
struct Masks {
  Value all;
  Value first;
};

struct Stack {
  std::size_t layers;
  std::size_t heads;
  Masks masks;
};

/// The stack of `config`, with masks that only hide filler.
Stack plain_stack(const checkpoint::ModelConfig& config, const Sequence& sequence);

/// Builds layer `index`.
using BuildLayer = std::function<Value(const Attention& attention, std::size_t index)>;

/// All layers over `x` [B, T, H]; the last one for the first token alone: [B, 1, H].
Value encode_first_token(const Sequence& sequence, Value x, const Stack& stack, const BuildLayer& build);

}  // namespace tastevin::graph
