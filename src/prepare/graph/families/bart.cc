#include <cmath>

#include <openvino/op/ops.hpp>

#include "prepare/graph/encoder.h"
#include "prepare/graph/families/pages.h"
#include "prepare/graph/heads.h"
#include "prepare/graph/relative.h"
#include "prepare/graph/settings.h"

namespace tastevin::graph {
namespace {

constexpr double kEpsilon = 1e-5;            // fixed in the reference
constexpr std::size_t kUnusedPositions = 2;  // rows at the start of the table that no token takes
constexpr Projections kProjections{"q_proj", "k_proj", "v_proj", "out_proj"};
constexpr LayerNames kLayer{"self_attn", kProjections, "self_attn_layer_norm", "fc1", "fc2", "final_layer_norm"};
constexpr LayerNames kAfterCross{"encoder_attn", kProjections, "encoder_attn_layer_norm",
                                 "fc1",          "fc2",        "final_layer_norm"};

LayerShape decoder_shape(const checkpoint::ModelConfig& config) {
  const std::size_t heads = size_setting(config, "decoder_attention_heads", 16);
  if (heads == 0 || config.hidden_size % heads != 0) {
    unsupported(config, "a decoder of " + std::to_string(heads) + " heads");
  }
  return {heads, size_setting(config, "decoder_ffn_dim", 4096), config.hidden_act, kEpsilon};
}

/// One table of words for both halves; some checkpoints have it under a half's name.
Value word_table(const Scope& body, const checkpoint::ModelConfig& config) {
  if (config.raw.contains("tie_word_embeddings") && !is_set(config, "tie_word_embeddings")) {
    unsupported(config, "a table of words for each half ('tie_word_embeddings')");
  }
  for (const char* name : {"decoder.embed_tokens", "encoder.embed_tokens"}) {
    if (!body.has("shared.weight") && body.at(name).has("weight")) {
      return body.at(name).tensor("weight", {config.vocab_size, config.hidden_size});
    }
  }
  return body.at("shared").tensor("weight", {config.vocab_size, config.hidden_size});
}

Value embeddings(const Value& ids, const Sequence& sequence, const Scope& body, const char* half,
                 const checkpoint::ModelConfig& config) {
  const float scale = is_set(config, "scale_embedding") ? std::sqrt(static_cast<float>(config.hidden_size)) : 1.0F;
  const Value words = multiply(look_up(word_table(body, config), ids), scalar(scale));
  const Value places = add(sequence.position_ids(), scalar(static_cast<std::int64_t>(kUnusedPositions)));
  const Value positions =
      embed(places, body.at(half).at("embed_positions"), {config.max_positions + kUnusedPositions, config.hidden_size});
  return add_norm(words, positions, body.at(half).at("layernorm_embedding"), kEpsilon);
}

Value encode(const Sequence& sequence, const Scope& body, const checkpoint::ModelConfig& config) {
  const LayerShape shape{config.heads, config.intermediate_size, config.hidden_act, kEpsilon};
  Value x = embeddings(sequence.input_ids(), sequence, body, "encoder", config);
  for (std::size_t i = 0; i < config.layers; ++i) {
    x = layer({x, x, sequence.mask(), shape.heads}, body.at("encoder.layers", i), kLayer, shape);
  }
  return x;
}

/// What the decoder reads: each token after the one before it, the first after a start token.
Value shifted(const Sequence& sequence, const checkpoint::ModelConfig& config) {
  const Value before = clip(subtract(sequence.row_index(), scalar(std::int64_t{1})), 0, std::int64_t{1} << 31);
  const Value row = std::make_shared<ov::op::v0::Squeeze>(before, integers({0}));
  const Value moved = std::make_shared<ov::op::v8::Gather>(sequence.input_ids(), row, scalar(std::int64_t{1}));
  const Value is_start = std::make_shared<ov::op::v1::Equal>(sequence.position_ids(), scalar(std::int64_t{0}));
  const std::size_t start = size_setting(config, "decoder_start_token_id", 2);
  if (start >= config.vocab_size) unsupported(config, "a 'decoder_start_token_id' beyond the vocabulary");
  return choose(is_start, scalar(static_cast<std::int64_t>(start)), moved);
}

/// Where in the row each text has its last end-of-text token: [B, 1].
Value end_of_text(const Sequence& sequence, const checkpoint::ModelConfig& config) {
  const auto end = static_cast<std::int64_t>(size_setting(config, "eos_token_id", 2));
  return sequence.last_where(std::make_shared<ov::op::v1::Equal>(sequence.input_ids(), scalar(end)));
}

/// The token of each text that stands at `index` [B, 1].
Value token_at(const Value& x, const Value& index) {
  return std::make_shared<ov::op::v8::Gather>(x, index, scalar(std::int64_t{1}), 1);
}

/// A layer that attends to its own tokens, then to the encoder's.
Value decoder_layer(const Attention& own, const Attention& encoder, const Scope& scope, const LayerShape& shape) {
  const Value attended = attend(own, scope.at(kLayer.attention), kProjections);
  const Value x = add_norm(attended, own.queries, scope.at(kLayer.attention_norm), kEpsilon);
  const Attention cross{x, encoder.context, encoder.mask, encoder.heads};
  return after_attention(attend(cross, scope.at("encoder_attn"), kProjections), x, scope, kAfterCross, shape);
}

/// The decoder's answer at the end of the text; its last layer runs for that token alone: [B, 1, H].
Value decode(const Value& encoded, const Sequence& sequence, const Scope& body, const checkpoint::ModelConfig& config) {
  const LayerShape shape = decoder_shape(config);
  const std::size_t layers = size_setting(config, "decoder_layers", 12);
  if (layers == 0) unsupported(config, "a decoder without layers");
  const auto run = [&](const Value& queries, const Value& x, const Value& index, const Value& text, std::size_t i) {
    const Value mask = add(causal_mask(distances(index, sequence.row_index())), text);
    const Attention encoder{{}, encoded, text, shape.heads};
    return decoder_layer({queries, x, mask, shape.heads}, encoder, body.at("decoder.layers", i), shape);
  };
  const Value end = end_of_text(sequence, config);
  Value x = embeddings(shifted(sequence, config), sequence, body, "decoder", config);
  for (std::size_t i = 0; i + 1 < layers; ++i) x = run(x, x, sequence.row_index(), sequence.mask(), i);
  return run(token_at(x, end), x, end, sequence.mask_first(), layers - 1);
}

}  // namespace

std::shared_ptr<ov::Model> bart(const checkpoint::ModelConfig& config, Weights& weights) {
  const Sequence sequence;
  const Scope body = weights.body();

  const Value last = decode(encode(sequence, body, config), sequence, body, config);
  const Value logits = dense_head(sequence.pooled(last), weights.root().at("classification_head"), config, "tanh");
  return sequence.finish(logits, config.model_type);
}

}  // namespace tastevin::graph
