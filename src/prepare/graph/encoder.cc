#include "prepare/graph/encoder.h"

namespace tastevin::graph {

LayerShape layer_shape(const checkpoint::ModelConfig& config) {
  return {config.heads, config.intermediate_size, config.hidden_act, config.layer_norm_eps};
}

Value layer(const Attention& attention, const Scope& scope, const LayerNames& names, const LayerShape& shape) {
  const Value attended = attend(attention, scope.at(names.attention), names.projections);
  return after_attention(attended, attention.queries, scope, names, shape);
}

Value after_attention(const Value& attended, const Value& queries, const Scope& scope, const LayerNames& names,
                      const LayerShape& shape) {
  const Value middle = add_norm(attended, queries, scope.at(names.attention_norm), shape.epsilon);
  const Value fed = feed_forward(middle, scope, {shape.inner, shape.activation, names.up, names.down});
  return add_norm(fed, middle, scope.at(names.output_norm), shape.epsilon);
}

Stack plain_stack(const checkpoint::ModelConfig& config, const Sequence& sequence) {
  return {config.layers, config.heads, {sequence.mask(), sequence.mask_first()}};
}

Value encode_first_token(const Sequence& sequence, Value x, const Stack& stack, const BuildLayer& build) {
  const std::size_t last = stack.layers - 1;
  for (std::size_t i = 0; i < last; ++i) x = build({x, x, stack.masks.all, stack.heads}, i);
  return build({sequence.first_token(x), x, stack.masks.first, stack.heads}, last);
}

}  // namespace tastevin::graph
