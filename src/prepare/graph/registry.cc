#include "prepare/graph/registry.h"

#include "prepare/graph/families/pages.h"

namespace tastevin::graph {
namespace {

// Counters that older versions saved with the weights.
constexpr std::string_view kPositions = "embeddings.position_ids";
constexpr std::string_view kTypes = "embeddings.token_type_ids";

}  // namespace

const std::vector<Family>& registry() {
  static const std::vector<Family> families{
      {"albert",
       "AlbertForSequenceClassification",
       "albert",
       {kPositions, kTypes, "predictions.", "sop_classifier."},
       albert},
      {"bart",
       "BartForSequenceClassification",
       "model",
       {"encoder.embed_tokens.", "decoder.embed_tokens.", "shared.", "encoder.version", "decoder.version",
        "final_logits_bias", "lm_head."},
       bart},
      {"bert", "BertForSequenceClassification", "bert", {kPositions, kTypes, "cls."}, bert},
      {"camembert",
       "CamembertForSequenceClassification",
       "roberta",
       {kPositions, kTypes, "pooler.", "lm_head."},
       roberta},
      {"deberta-v2",
       "DebertaV2ForSequenceClassification",
       "deberta",
       {kPositions, "embeddings.position_embeddings.", "encoder.LayerNorm.", "lm_predictions.", "mask_predictions.",
        "cls."},
       deberta_v2},
      {"distilbert",
       "DistilBertForSequenceClassification",
       "distilbert",
       {kPositions, "vocab_transform.", "vocab_layer_norm.", "vocab_projector."},
       distilbert},
      {"electra",
       "ElectraForSequenceClassification",
       "electra",
       {kPositions, kTypes, "discriminator_predictions.", "generator_predictions.", "generator_lm_head."},
       electra},
      {"modernbert", "ModernBertForSequenceClassification", "model", {"decoder."}, modernbert},
      {"mpnet", "MPNetForSequenceClassification", "mpnet", {kPositions, "pooler.", "lm_head."}, mpnet},
      {"roberta", "RobertaForSequenceClassification", "roberta", {kPositions, kTypes, "pooler.", "lm_head."}, roberta},
      {"xlm-roberta",
       "XLMRobertaForSequenceClassification",
       "roberta",
       {kPositions, kTypes, "pooler.", "lm_head."},
       roberta},
  };
  return families;
}

}  // namespace tastevin::graph
