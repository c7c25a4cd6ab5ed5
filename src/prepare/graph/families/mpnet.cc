#include <openvino/op/ops.hpp>

#include "prepare/graph/embeddings.h"
#include "prepare/graph/encoder.h"
#include "prepare/graph/families/pages.h"
#include "prepare/graph/heads.h"
#include "prepare/graph/relative.h"
#include "prepare/graph/settings.h"

namespace tastevin::graph {
namespace {

// Fixed in the reference, whatever the config says.
constexpr std::size_t kPadTokenId = 1;
constexpr std::int64_t kBuckets = 32;
constexpr std::int64_t kReach = 128;

constexpr LayerNames kLayer{"attention.attn",     {"q", "k", "v", "o"}, "attention.LayerNorm",
                            "intermediate.dense", "output.dense",       "output.LayerNorm"};

Value embeddings(const Sequence& sequence, const Scope& scope, const checkpoint::ModelConfig& config) {
  const Value words = embed(sequence.input_ids(), scope.at("word_embeddings"), {config.vocab_size, config.hidden_size});
  const Value positions = embed(positions_after_padding(sequence, config, kPadTokenId), scope.at("position_embeddings"),
                                {config.max_positions, config.hidden_size});
  return add_norm(words, positions, scope.at("LayerNorm"), config.layer_norm_eps);
}

/// One table of biases, by bucket and head, for all layers: [.., Q, T] -> [.., heads, Q, T].
Value bias_by_distance(const Value& distance, const Scope& encoder, const checkpoint::ModelConfig& config) {
  const std::size_t rows = size_setting(config, "relative_attention_num_buckets", kBuckets);
  if (rows < kBuckets)
    unsupported(config, std::to_string(rows) + " buckets of distance ('relative_attention_num_buckets')");
  const Value buckets = bucket_of(distance, widening_buckets(kBuckets, kReach));
  const Value biases = embed(buckets, encoder.at("relative_attention_bias"), {rows, config.heads});
  return std::make_shared<ov::op::v1::Transpose>(biases, integers({0, 3, 1, 2}));
}

}  // namespace

std::shared_ptr<ov::Model> mpnet(const checkpoint::ModelConfig& config, Weights& weights) {
  const Sequence sequence;
  const Scope body = weights.body();
  const Scope encoder = body.at("encoder");
  const LayerShape shape = layer_shape(config);
  const auto masked = [&](const Value& mask, const Value& queries) {
    return add(mask, bias_by_distance(distances(queries, sequence.row_index()), encoder, config));
  };
  const Masks masks{masked(sequence.mask(), sequence.row_index()),
                    masked(sequence.mask_first(), sequence.query_index())};

  const Value first =
      encode_first_token(sequence, embeddings(sequence, body.at("embeddings"), config),
                         {config.layers, config.heads, masks}, [&](const Attention& attention, std::size_t i) {
                           return layer(attention, encoder.at("layer", i), kLayer, shape);
                         });
  const Value logits = dense_head(sequence.pooled(first), weights.root().at("classifier"), config, "tanh");
  return sequence.finish(logits, config.model_type);
}

}  // namespace tastevin::graph
