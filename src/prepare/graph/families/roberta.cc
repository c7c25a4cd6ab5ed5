#include "prepare/graph/embeddings.h"
#include "prepare/graph/encoder.h"
#include "prepare/graph/families/pages.h"
#include "prepare/graph/heads.h"
#include "prepare/graph/settings.h"

namespace tastevin::graph {
std::shared_ptr<ov::Model> roberta(const checkpoint::ModelConfig& config, Weights& weights) {
  require_plain_encoder(config);
  const Sequence sequence;
  const Scope body = weights.body();
  const LayerShape shape = layer_shape(config);

  const Value types = token_type_count(config) > 1 ? token_types(sequence, config) : scalar(std::int64_t{0});
  const Places places{positions_after_padding(sequence, config, config.pad_token_id), types};
  const Value x = embeddings(sequence.input_ids(), places, body.at("embeddings"), config, config.hidden_size);
  const Value first =
      encode_first_token(sequence, x, plain_stack(config, sequence), [&](const Attention& attention, std::size_t i) {
        return layer(attention, body.at("encoder.layer", i), kBertLayer, shape);
      });
  const Value logits = dense_head(sequence.pooled(first), weights.root().at("classifier"), config, "tanh");
  return sequence.finish(logits, config.model_type);
}

}  // namespace tastevin::graph
