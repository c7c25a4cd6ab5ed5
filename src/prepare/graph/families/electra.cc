#include "prepare/graph/embeddings.h"
#include "prepare/graph/encoder.h"
#include "prepare/graph/families/pages.h"
#include "prepare/graph/heads.h"
#include "prepare/graph/settings.h"

namespace tastevin::graph {

std::shared_ptr<ov::Model> electra(const checkpoint::ModelConfig& config, Weights& weights) {
  require_plain_encoder(config);
  const Sequence sequence;
  const Scope body = weights.body();
  const LayerShape shape = layer_shape(config);
  const std::size_t narrow = size_setting(config, "embedding_size", 128);

  Value x = embeddings(sequence.input_ids(), {sequence.position_ids(), token_types(sequence, config)},
                       body.at("embeddings"), config, narrow);
  if (narrow != config.hidden_size) x = linear(x, body.at("embeddings_project"), config.hidden_size);
  const Value first =
      encode_first_token(sequence, x, plain_stack(config, sequence), [&](const Attention& attention, std::size_t i) {
        return layer(attention, body.at("encoder.layer", i), kBertLayer, shape);
      });
  const Value logits = dense_head(sequence.pooled(first), weights.root().at("classifier"), config, "gelu");
  return sequence.finish(logits, config.model_type);
}

}  // namespace tastevin::graph
