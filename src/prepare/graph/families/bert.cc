#include "prepare/graph/activation.h"
#include "prepare/graph/embeddings.h"
#include "prepare/graph/encoder.h"
#include "prepare/graph/families/pages.h"
#include "prepare/graph/heads.h"
#include "prepare/graph/settings.h"

namespace tastevin::graph {

std::shared_ptr<ov::Model> bert(const checkpoint::ModelConfig& config, Weights& weights) {
  require_plain_encoder(config);
  const Sequence sequence;
  const Scope body = weights.body();
  const LayerShape shape = layer_shape(config);

  const Value x = embeddings(sequence.input_ids(), {sequence.position_ids(), token_types(sequence, config)},
                             body.at("embeddings"), config, config.hidden_size);
  const Value first =
      encode_first_token(sequence, x, plain_stack(config, sequence), [&](const Attention& attention, std::size_t i) {
        return layer(attention, body.at("encoder.layer", i), kBertLayer, shape);
      });
  const Value pooled = activate(linear(sequence.pooled(first), body.at("pooler.dense"), config.hidden_size), "tanh");
  return sequence.finish(label_scores(pooled, weights.root().at("classifier"), config), config.model_type);
}

}  // namespace tastevin::graph
