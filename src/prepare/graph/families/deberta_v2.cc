#include <openvino/op/ops.hpp>

#include "prepare/graph/activation.h"
#include "prepare/graph/convolution.h"
#include "prepare/graph/embeddings.h"
#include "prepare/graph/encoder.h"
#include "prepare/graph/families/deberta_settings.h"
#include "prepare/graph/families/pages.h"
#include "prepare/graph/heads.h"
#include "prepare/graph/settings.h"

namespace tastevin::graph {
namespace {

constexpr LayerNames kLayer{"attention",
                            {"self.query_proj", "self.key_proj", "self.value_proj", "output.dense"},
                            "attention.output.LayerNorm",
                            "intermediate.dense",
                            "output.dense",
                            "output.LayerNorm"};

Value embeddings(const Sequence& sequence, const Scope& scope, const checkpoint::ModelConfig& config,
                 const DebertaSettings& settings) {
  const std::size_t width = settings.embedding_size;
  Value x = embed(sequence.input_ids(), scope.at("word_embeddings"), {config.vocab_size, width});
  if (settings.adds_positions) {
    x = add(x, embed(sequence.position_ids(), scope.at("position_embeddings"), {config.max_positions, width}));
  }
  if (settings.token_types > 0) {
    const Value types = settings.token_types > 1 ? sequence.token_type_ids() : scalar(std::int64_t{0});
    x = add(x, embed(types, scope.at("token_type_embeddings"), {settings.token_types, width}));
  }
  if (width != config.hidden_size) x = linear(x, scope.at("embed_proj"), config.hidden_size, Bias::none);
  return norm(x, scope.at("LayerNorm"), config.layer_norm_eps);
}

/// What distances mean, and which of them each pair of query and key has.
struct Distances {
  Value table;    // [1, 2 * span, H]
  Value buckets;  // [B, heads, Q, T]: rows of the table
};

/// `x` once for each row of a request.
Value for_each_row(const Value& x, const Sequence& sequence) {
  const Value rows = unsqueeze(size_along(sequence.input_ids(), 0), {0});
  const Value shape = std::make_shared<ov::op::v0::Concat>(ov::OutputVector{rows, integers({1, 1})}, 0);
  return std::make_shared<ov::op::v3::Broadcast>(x, shape, ov::op::BroadcastType::BIDIRECTIONAL);
}

Value distance_table(const Sequence& sequence, const Scope& encoder, const checkpoint::ModelConfig& config,
                     const DebertaSettings& settings) {
  const auto places = static_cast<std::size_t>(2 * settings.span);
  Value table = unsqueeze(encoder.at("rel_embeddings").tensor("weight", {places, config.hidden_size}), {0});
  // What is computed of constants alone, once a stream, is wrong in some of them where one head leaves it as it is
  // (docs/openvino.md): the label changed from load to load. Few models have one head: theirs is computed each time.
  if (config.heads == 1) table = for_each_row(table, sequence);
  return settings.normed_table ? norm(table, encoder.at("LayerNorm"), config.layer_norm_eps) : table;
}

Value buckets_of_pairs(const Sequence& sequence, const Value& queries, const checkpoint::ModelConfig& config,
                       const DebertaSettings& settings) {
  const Value buckets = bucket_of(distances(queries, sequence.row_index()), settings.buckets);
  const Value rows = unsqueeze(size_along(sequence.input_ids(), 0), {0});
  const Value heads = integers({static_cast<std::int64_t>(config.heads), 1, 1});
  const Value shape = std::make_shared<ov::op::v0::Concat>(ov::OutputVector{rows, heads}, 0);
  return std::make_shared<ov::op::v3::Broadcast>(unsqueeze(buckets, {1}), shape, ov::op::BroadcastType::BIDIRECTIONAL);
}

/// The table as a layer's heads see it: [1, heads, 2 * span, width].
Value projected_table(const Value& table, const Scope& projection, const Heads& heads) {
  const auto count = static_cast<std::size_t>(heads.query.get_partial_shape()[1].get_length());
  return split_heads(linear(table, projection, width_of(table)), count);
}

/// Adds to the mask what distances add to scores: queries asked against them, and they, scaled as queries, against
/// keys.
Value add_distance_scores(Value mask, const Heads& heads, const Scope& self, const Distances& distances,
                          const DebertaSettings& settings) {
  using Gather = ov::op::v6::GatherElements;
  if (settings.words_ask_distances) {
    const Scope projection = self.at(settings.shares_projections ? "key_proj" : "pos_key_proj");
    const Value scores = multiply_transposed(heads.query, projected_table(distances.table, projection, heads));
    mask = add(mask, std::make_shared<Gather>(scores, distances.buckets, 3));
  }
  if (settings.distances_ask_words) {
    const Scope projection = self.at(settings.shares_projections ? "query_proj" : "pos_query_proj");
    const Value asking = multiply(projected_table(distances.table, projection, heads), scalar(settings.query_scale));
    mask = add(mask, std::make_shared<Gather>(multiply_transposed(asking, heads.key), distances.buckets, 2));
  }
  return mask;
}

Value attention(const Attention& given, const Scope& scope, const Distances& distances,
                const DebertaSettings& settings) {
  Heads heads = project_heads(given, scope, kLayer.projections);
  heads.query = multiply(heads.query, scalar(settings.query_scale));
  const Value mask =
      settings.relative ? add_distance_scores(given.mask, heads, scope.at("self"), distances, settings) : given.mask;
  const Value mixed = mix(heads, mask, Scale::none);
  return linear(mixed, scope.at(kLayer.projections.output), width_of(mixed));
}

/// Adds to the first layer's output a convolution of the embeddings that it started from; filler becomes 0.
Value add_convolution(const Value& output, const Value& embedded, const Sequence& sequence, const Scope& scope,
                      const DebertaSettings& settings) {
  const Value token_mask = unsqueeze(sequence.token_mask(), {2});
  const Value convolved = multiply(convolve(embedded, sequence, scope.at("conv"), settings.convolution), token_mask);
  const Value activated = activate(convolved, settings.convolution_act);
  return multiply(add_norm(activated, output, scope.at("LayerNorm"), settings.epsilon), token_mask);
}

Value encode(const Sequence& sequence, const Scope& body, const checkpoint::ModelConfig& config,
             const DebertaSettings& settings) {
  const Scope encoder = body.at("encoder");
  const LayerShape shape = layer_shape(config);
  const bool relative = settings.relative;
  const Value table = relative ? distance_table(sequence, encoder, config, settings) : Value();
  const Value all = relative ? buckets_of_pairs(sequence, sequence.row_index(), config, settings) : Value();
  const Value first = relative ? buckets_of_pairs(sequence, sequence.query_index(), config, settings) : Value();
  const Value token_mask = settings.convolution > 0 ? unsqueeze(sequence.token_mask(), {2}) : scalar(1.0F);
  const Value embedded = multiply(embeddings(sequence, body.at("embeddings"), config, settings), token_mask);

  return encode_first_token(sequence, embedded, plain_stack(config, sequence),
                            [&](const Attention& given, std::size_t i) {
                              const Scope scope = encoder.at("layer", i);
                              const Distances distances{table, i + 1 == config.layers ? first : all};
                              const Value attended = attention(given, scope.at(kLayer.attention), distances, settings);
                              Value x = after_attention(attended, given.queries, scope, kLayer, shape);
                              if (i > 0 || settings.convolution == 0) return x;
                              return add_convolution(x, embedded, sequence, encoder.at("conv"), settings);
                            });
}

}  // namespace

std::shared_ptr<ov::Model> deberta_v2(const checkpoint::ModelConfig& config, Weights& weights) {
  const DebertaSettings settings = deberta_settings(config);
  const Sequence sequence;

  const Value first = sequence.pooled(encode(sequence, weights.body(), config, settings));
  const Scope root = weights.root();
  const Value pooled = activate(linear(first, root.at("pooler.dense"), config.hidden_size),
                                text_setting(config, "pooler_hidden_act", "gelu"));
  return sequence.finish(label_scores(pooled, root.at("classifier"), config), config.model_type);
}

}  // namespace tastevin::graph
