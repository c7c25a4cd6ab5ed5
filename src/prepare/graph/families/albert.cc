#include <vector>

#include "prepare/graph/activation.h"
#include "prepare/graph/embeddings.h"
#include "prepare/graph/encoder.h"
#include "prepare/graph/families/pages.h"
#include "prepare/graph/heads.h"
#include "prepare/graph/settings.h"

namespace tastevin::graph {
namespace {

constexpr LayerNames kLayer{"attention",           {"query", "key", "value", "dense"},
                            "attention.LayerNorm", "ffn",
                            "ffn_output",          "full_layer_layer_norm"};

constexpr std::size_t kMaxApplied = 1024;  // they share their weights, so no file bounds how many there are

/// The layers in the order in which they are applied. Step s of `num_hidden_layers` applies the layers of one group,
/// and the groups share the steps among them.
std::vector<Scope> applied_layers(const Scope& encoder, const checkpoint::ModelConfig& config) {
  const std::size_t groups = size_setting(config, "num_hidden_groups", 1);
  const std::size_t inner = size_setting(config, "inner_group_num", 1);
  if (groups == 0 || groups > config.layers || inner == 0 || inner > kMaxApplied / config.layers) {
    unsupported(config, std::to_string(config.layers) + " layers in " + std::to_string(groups) + " groups of " +
                            std::to_string(inner));
  }
  std::vector<Scope> layers;
  for (std::size_t step = 0; step < config.layers; ++step) {
    const Scope group = encoder.at("albert_layer_groups", step * groups / config.layers);
    for (std::size_t i = 0; i < inner; ++i) layers.push_back(group.at("albert_layers", i));
  }
  return layers;
}

}  // namespace

std::shared_ptr<ov::Model> albert(const checkpoint::ModelConfig& config, Weights& weights) {
  require_plain_encoder(config);
  const Sequence sequence;
  const Scope body = weights.body();
  const LayerShape shape = layer_shape(config);
  const std::vector<Scope> layers = applied_layers(body.at("encoder"), config);

  const Value narrow = embeddings(sequence.input_ids(), {sequence.position_ids(), token_types(sequence, config)},
                                  body.at("embeddings"), config, size_setting(config, "embedding_size", 128));
  const Value x = linear(narrow, body.at("encoder.embedding_hidden_mapping_in"), config.hidden_size);
  const Value first = encode_first_token(
      sequence, x, {layers.size(), config.heads, {sequence.mask(), sequence.mask_first()}},
      [&](const Attention& attention, std::size_t i) { return layer(attention, layers[i], kLayer, shape); });
  const Value pooled = activate(linear(sequence.pooled(first), body.at("pooler"), config.hidden_size), "tanh");
  return sequence.finish(label_scores(pooled, weights.root().at("classifier"), config), config.model_type);
}

}  // namespace tastevin::graph
