#include "prepare/graph/activation.h"
#include "prepare/graph/encoder.h"
#include "prepare/graph/families/pages.h"
#include "prepare/graph/heads.h"
#include "prepare/graph/sequence.h"

namespace tastevin::graph {
namespace {

constexpr double kEpsilon = 1e-12;  // fixed in the reference, whatever the config says
constexpr LayerNames kLayer{
    "attention", {"q_lin", "k_lin", "v_lin", "out_lin"}, "sa_layer_norm", "ffn.lin1", "ffn.lin2", "output_layer_norm"};

Value embeddings(const Sequence& sequence, const Scope& scope, const checkpoint::ModelConfig& config) {
  const Value words = embed(sequence.input_ids(), scope.at("word_embeddings"), {config.vocab_size, config.hidden_size});
  const Value positions =
      embed(sequence.position_ids(), scope.at("position_embeddings"), {config.max_positions, config.hidden_size});
  return add_norm(words, positions, scope.at("LayerNorm"), kEpsilon);
}

Value head(const Value& first, const Scope& root, const checkpoint::ModelConfig& config) {
  const Value hidden = activate(linear(first, root.at("pre_classifier"), config.hidden_size), "relu");
  return label_scores(hidden, root.at("classifier"), config);
}

}  // namespace

std::shared_ptr<ov::Model> distilbert(const checkpoint::ModelConfig& config, Weights& weights) {
  const Sequence sequence;
  const Scope body = weights.body();
  const LayerShape shape{config.heads, config.intermediate_size, config.hidden_act, kEpsilon};

  const Value first = encode_first_token(sequence, embeddings(sequence, body.at("embeddings"), config),
                                         plain_stack(config, sequence), [&](const Attention& attention, std::size_t i) {
                                           return layer(attention, body.at("transformer.layer", i), kLayer, shape);
                                         });
  return sequence.finish(head(sequence.pooled(first), weights.root(), config), config.model_type);
}

}  // namespace tastevin::graph
