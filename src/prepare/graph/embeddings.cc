#include "prepare/graph/embeddings.h"

#include <openvino/op/ops.hpp>

#include "prepare/graph/settings.h"

namespace tastevin::graph {

Value embeddings(const Value& ids, const Places& places, const Scope& scope, const checkpoint::ModelConfig& config,
                 std::size_t width) {
  const Value words = embed(ids, scope.at("word_embeddings"), {config.vocab_size, width});
  const Value types = embed(places.type, scope.at("token_type_embeddings"), {token_type_count(config), width});
  const Value positions = embed(places.position, scope.at("position_embeddings"), {config.max_positions, width});
  return add_norm(add(words, types), positions, scope.at("LayerNorm"), config.layer_norm_eps);
}

Value token_types(const Sequence& sequence, const checkpoint::ModelConfig& config) {
  return token_type_count(config) > 1 ? sequence.token_type_ids() : scalar(std::int64_t{0});
}

/// The padding tokens before a token are counted from the start of its text, which in a packed row is not the row's.
Value positions_after_padding(const Sequence& sequence, const checkpoint::ModelConfig& config,
                              std::size_t pad_token_id) {
  if (config.max_positions <= pad_token_id + 1) {
    unsupported(config, std::to_string(config.max_positions) + " positions after padding token " +
                            std::to_string(pad_token_id));
  }
  const Value ids = sequence.input_ids();
  const Value pad = scalar(static_cast<std::int64_t>(pad_token_id));
  const Value counts = as_integers(std::make_shared<ov::op::v1::NotEqual>(ids, pad));
  const Value before = std::make_shared<ov::op::v0::CumSum>(counts, scalar(std::int64_t{1}), true);
  const Value start = std::make_shared<ov::op::v3::Broadcast>(
      subtract(sequence.row_index(), sequence.position_ids()),
      std::make_shared<ov::op::v3::ShapeOf>(ids, ov::element::i64), ov::op::BroadcastType::BIDIRECTIONAL);
  const Value before_text = std::make_shared<ov::op::v6::GatherElements>(before, start, 1);
  const Value place = add(subtract(before, before_text), scalar(std::int64_t{1}));
  return add(multiply(place, counts), pad);
}

}  // namespace tastevin::graph
