#include <openvino/op/ops.hpp>

#include "base/error.h"
#include "prepare/graph/activation.h"
#include "prepare/graph/encoder.h"
#include "prepare/graph/families/modernbert_settings.h"
#include "prepare/graph/families/pages.h"
#include "prepare/graph/heads.h"
#include "prepare/graph/relative.h"
#include "prepare/graph/rotary.h"
#include "prepare/graph/sequence.h"
#include "prepare/graph/settings.h"

namespace tastevin::graph {
namespace {

Rotation rotation(const Sequence& sequence, const checkpoint::ModelConfig& config, double theta) {
  return rotation_at(sequence.position_ids(), {config.max_positions, config.hidden_size / config.heads, theta});
}

Masks window_masks(const Sequence& sequence, std::int64_t reach) {
  const auto window = [&](const Value& queries) {
    return window_mask(distances(queries, sequence.row_index()), reach);
  };
  return {add(sequence.mask(), window(sequence.row_index())),
          add(sequence.mask_first(), window(sequence.query_index()))};
}

/// One kind of layer, global or local: how its tokens turn, and whom they see.
struct Surroundings {
  Rotation rotation;
  Masks masks;
};

enum class Queries : std::uint8_t { all, first };

class Encoder {
 public:
  Encoder(const Sequence& sequence, const Scope& body, const checkpoint::ModelConfig& config)
      : sequence_(sequence),
        body_(body),
        config_(config),
        settings_(modernbert_settings(config)),
        global_{rotation(sequence, config, settings_.global_theta), {sequence.mask(), sequence.mask_first()}},
        local_{rotation(sequence, config, settings_.local_theta), window_masks(sequence, settings_.window)} {}

  /// All layers; the last one for these queries: [B, T or 1, H].
  Value encode(Queries queries) const {
    const Scope scope = body_.at("embeddings");
    const Value words =
        embed(sequence_.input_ids(), scope.at("tok_embeddings"), {config_.vocab_size, config_.hidden_size});
    Value x = normed(words, scope.at("norm"));
    for (std::size_t i = 0; i + 1 < config_.layers; ++i) x = layer(x, i, Queries::all);
    return normed(layer(x, config_.layers - 1, queries), body_.at("final_norm"));
  }

  Value normed(const Value& x, const Scope& scope) const {
    return norm(x, scope, config_.layer_norm_eps, settings_.norm_bias);
  }

 private:
  Value layer(const Value& x, std::size_t index, Queries which) const {
    const Scope scope = body_.at("layers", index);
    const Value queries = which == Queries::all ? x : sequence_.first_token(x);
    const Value attended = add(queries, attention(queries, x, index, which));
    const FeedForward shape{config_.intermediate_size, config_.hidden_act, "mlp.Wi", "mlp.Wo"};
    const Value fed =
        gated_feed_forward(normed(attended, scope.at("mlp_norm")), scope, shape, settings_.feed_forward_bias);
    return add(attended, fed);
  }

  Value attention(const Value& queries, const Value& context, std::size_t index, Queries which) const {
    const Scope scope = body_.at("layers", index);
    const Surroundings& seen_by = settings_.layers[index] == Reach::global ? global_ : local_;
    // The first layer takes the embeddings as they are: they have just been normalised.
    const auto prepared = [&](const Value& x) { return index == 0 ? x : normed(x, scope.at("attn_norm")); };
    const auto heads_of = [&](const Value& x, std::size_t part) {
      const Value all = linear(x, scope.at("attn.Wqkv"), config_.hidden_size, settings_.attention_bias, {part, 3});
      return split_heads(all, config_.heads);
    };
    const Value seen = prepared(context);
    const Value query = heads_of(which == Queries::all ? seen : prepared(queries), 0);
    const Value key = rotate(heads_of(seen, 1), seen_by.rotation);
    const Value value = heads_of(seen, 2);
    // The first token of a text stands at position 0, where nothing is turned.
    const Value mixed = which == Queries::all ? mix({rotate(query, seen_by.rotation), key, value}, seen_by.masks.all)
                                              : mix({query, key, value}, seen_by.masks.first);
    return linear(mixed, scope.at("attn.Wo"), config_.hidden_size, settings_.attention_bias);
  }

  const Sequence& sequence_;
  Scope body_;
  const checkpoint::ModelConfig& config_;
  ModernBertSettings settings_;
  Surroundings global_;
  Surroundings local_;
};

/// [B, H]: the first token, or the mean of all.
Value pooled(const Sequence& sequence, const Encoder& encoder, const checkpoint::ModelConfig& config) {
  const std::string pooling = text_setting(config, "classifier_pooling", "cls");
  if (pooling == "cls") return sequence.pooled(encoder.encode(Queries::first));
  if (pooling != "mean") unsupported(config, "classifier_pooling " + in_quotes(pooling));
  const Value tokens = encoder.encode(Queries::all);
  return sequence.pooled(std::make_shared<ov::op::v0::MatMul>(sequence.pool_weights(), tokens));
}

}  // namespace

std::shared_ptr<ov::Model> modernbert(const checkpoint::ModelConfig& config, Weights& weights) {
  const Sequence sequence;
  const Encoder encoder(sequence, weights.body(), config);

  const Scope head = weights.root().at("head");
  const Value dense = linear(pooled(sequence, encoder, config), head.at("dense"), config.hidden_size,
                             bias_setting(config, "classifier_bias"));
  const Value activated = activate(dense, text_setting(config, "classifier_activation", "gelu"));
  const Value normed = encoder.normed(activated, head.at("norm"));
  return sequence.finish(label_scores(normed, weights.root().at("classifier"), config), config.model_type);
}

}  // namespace tastevin::graph
