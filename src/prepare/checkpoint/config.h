#pragma once

// `config.json` of a checkpoint or model folder as typed values. Keys that families spell differently (`dim`,
// `hidden_size`) become one field; what is missing and has no default in transformers is an error that names the key.

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "tastevin/model_info.h"

namespace tastevin::checkpoint {

struct ModelConfig {
  std::string where;                       // the file's path, for messages
  std::string model_type;                  // "distilbert"
  std::vector<std::string> architectures;  // "DistilBertForSequenceClassification"
  std::vector<std::string> labels;         // in id order; LABEL_i where the config names none
  bool labels_declared = false;            // whether the config says how many (`id2label`, `num_labels`)
  std::optional<Task> problem_type;        // when the config says it

  std::size_t vocab_size = 0;
  std::size_t hidden_size = 0;
  std::size_t layers = 0;
  std::size_t heads = 0;
  std::size_t intermediate_size = 0;
  std::size_t max_positions = 0;  // rows of the position table
  std::size_t pad_token_id = 0;
  std::string hidden_act;  // as the config spells it: "gelu" is the exact (erf) form
  double layer_norm_eps = 1e-12;

  Json raw;  // the whole object, for what only one family has
};

/// Reads `folder/config.json`. Throws `Error{not_found | bad_checkpoint | unsupported_model}`.
ModelConfig read_config(const std::filesystem::path& folder);

/// The same from a parsed object; `where` names it in messages.
ModelConfig parse_config(Json object, const std::string& where);

/// The labels of a head with `outputs` logits. A config that says nothing of labels follows its head (LABEL_0, ...);
/// one that does must agree with it. Throws `Error{bad_checkpoint}` with both numbers.
std::vector<std::string> labels_of_head(const ModelConfig& config, std::size_t outputs);

/// Tokens that a text may have, special ones counted: the rows of the position table, less those that families of
/// RoBERTa's kind keep for padding. 0 when the model has no such limit.
std::size_t longest_text(const ModelConfig& config);

}  // namespace tastevin::checkpoint
