#include "prepare/checkpoint/config.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.h"
#include "prepare/checkpoint/bad_checkpoint.h"
#include "prepare/checkpoint/config_families.h"
#include "prepare/checkpoint/config_labels.h"

namespace tastevin::checkpoint {
namespace {

constexpr std::size_t kMaxConfigBytes = std::size_t{16} << 20U;
constexpr std::int64_t kMaxSize = std::int64_t{1} << 31U;

[[noreturn]] void unsupported(const std::string& where, const std::string& what) {
  throw Error(ErrorCode::unsupported_model, where + ": " + what);
}

/// The first of `keys` that the config has, or null.
const char* present_key(const Json& object, const Keys& keys) {
  const auto* const found = std::ranges::find_if(
      keys, [&object](const char* key) { return key != nullptr && find_member(object, key) != nullptr; });
  return found == keys.end() ? nullptr : *found;
}

std::string model_type_of(const Json& object, const std::string& where) {
  std::string model_type = string_or(object, "model_type", "", where);
  if (model_type.empty()) bad_checkpoint(where, "no 'model_type': expected the name of the model's family");
  return model_type;
}

/// A folder may bring Python code that builds its model. It is never run, and no other family is close enough.
void refuse_custom_code(const Json& object, const std::string& model_type, const std::string& where) {
  if (find_member(object, "auto_map") == nullptr) return;
  unsupported(where,
              "model_type " + in_quotes(model_type) + " is built by code of its own ('auto_map'), which is never run");
}

void refuse_quantized(const Json& object, const std::string& where) {
  const Json* settings = find_member(object, "quantization_config");
  if (settings == nullptr) return;
  const std::string method = settings->is_object() ? string_or(*settings, "quant_method", "", where) : "";
  unsupported(where, "its weights are quantized (" + in_quotes(method.empty() ? "bitsandbytes" : method) +
                         "), expected f32, f16, bf16 or f64");
}

void refuse_pruned_heads(const Json& object, const std::string& where) {
  const Json* pruned = find_member(object, "pruned_heads");
  if (pruned != nullptr && !pruned->empty()) {
    unsupported(where, "some of its attention heads are pruned ('pruned_heads')");
  }
}

std::vector<std::string> architectures_of(const Json& object, const std::string& where) {
  const Json* list = find_member(object, "architectures");
  if (list == nullptr) return {};
  if (!list->is_array() || !std::ranges::all_of(*list, &Json::is_string)) {
    bad_checkpoint(where, "'architectures': expected a list of strings, found " + quoted_json(*list));
  }
  return list->get<std::vector<std::string>>();
}

std::optional<Task> problem_type_of(const Json& object, const std::string& where) {
  if (find_member(object, "problem_type") == nullptr) return std::nullopt;
  const std::string name = require_string(object, "problem_type", where);
  if (name == "single_label_classification") return Task::single_label;
  if (name == "multi_label_classification") return Task::multi_label;
  if (name == "regression") return Task::regression;
  bad_checkpoint(
      where, "'problem_type': expected single_label_classification, multi_label_classification or regression, found " +
                 in_quotes(name));
}

/// Reads the sizes of a family that we know: strictly, and with the defaults of its config class.
class FamilyReader {
 public:
  FamilyReader(const Json& object, const std::string& where) : object_(object), where_(where) {}

  std::size_t size(const Keys& keys, std::size_t fallback) const {
    const char* key = present_key(object_, keys);
    if (key == nullptr) return fallback;
    const std::size_t value = require_size(object_, key, where_, kMaxSize);
    if (value == 0) bad_checkpoint(where_, in_quotes(key) + ": expected at least 1, found 0");
    return value;
  }

  std::string text(const Keys& keys, const char* fallback) const {
    const char* key = present_key(object_, keys);
    return key == nullptr ? fallback : require_string(object_, key, where_);
  }

  double epsilon(const Keys& keys, double fallback) const {
    const char* key = present_key(object_, keys);
    if (key == nullptr) return fallback;
    const double value = number_or(object_, key, fallback, where_);
    if (value < 0 || value > 1)
      bad_checkpoint(where_, in_quotes(key) + ": expected a number from 0 to 1, found " + quoted_json(object_[key]));
    return value;
  }

 private:
  const Json& object_;
  const std::string& where_;
};

void read_sizes(ModelConfig& config, const ConfigFamily& family, const Json& object) {
  const FamilyReader read(object, config.where);
  const FamilyKeys& keys = family.keys;
  const FamilyDefaults& defaults = family.defaults;
  config.vocab_size = read.size({"vocab_size"}, defaults.vocab_size);
  config.hidden_size = read.size(keys.hidden_size, defaults.hidden_size);
  config.layers = read.size(keys.layers, defaults.layers);
  config.heads = read.size(keys.heads, defaults.heads);
  config.intermediate_size = read.size(keys.intermediate_size, defaults.intermediate_size);
  config.max_positions = read.size(keys.max_positions, defaults.max_positions);
  config.pad_token_id = size_or(object, "pad_token_id", defaults.pad_token_id, config.where);
  config.hidden_act = read.text(keys.hidden_act, defaults.hidden_act);
  config.layer_norm_eps = read.epsilon(keys.layer_norm_eps, defaults.layer_norm_eps);
}

void check_sizes(const ModelConfig& config) {
  if (config.hidden_size % config.heads != 0) {
    bad_checkpoint(config.where, std::to_string(config.heads) + " attention heads do not divide the hidden size " +
                                     std::to_string(config.hidden_size));
  }
  if (config.pad_token_id >= config.vocab_size) {
    bad_checkpoint(config.where, "'pad_token_id': expected an id below the vocabulary's " +
                                     std::to_string(config.vocab_size) + ", found " +
                                     std::to_string(config.pad_token_id));
  }
}

/// Of a family that we do not know, what is there and has the usual form; the rest stays 0, and nothing is an error
/// here: whoever needs the family says that it is unknown.
void read_sizes_loosely(ModelConfig& config, const Json& object) {
  const auto size = [&object](const Keys& keys) -> std::size_t {
    const char* key = present_key(object, keys);
    if (key == nullptr || !object[key].is_number_integer()) return 0;
    const auto value = object[key].get<std::int64_t>();
    return value >= 0 && value <= kMaxSize ? static_cast<std::size_t>(value) : 0;
  };
  const FamilyKeys& keys = any_family_keys();
  config.vocab_size = size({"vocab_size"});
  config.hidden_size = size(keys.hidden_size);
  config.layers = size(keys.layers);
  config.heads = size(keys.heads);
  config.intermediate_size = size(keys.intermediate_size);
  config.max_positions = size(keys.max_positions);
  config.pad_token_id = size({"pad_token_id"});
  const char* act = present_key(object, keys.hidden_act);
  if (act != nullptr && object[act].is_string()) config.hidden_act = object[act].get<std::string>();
  const char* epsilon = present_key(object, keys.layer_norm_eps);
  if (epsilon != nullptr && object[epsilon].is_number()) config.layer_norm_eps = object[epsilon].get<double>();
}

void read_family(ModelConfig& config, const Json& object) {
  if (const ConfigFamily* family = find_config_family(config.model_type)) {
    refuse_pruned_heads(object, config.where);
    read_sizes(config, *family, object);
    check_sizes(config);
  } else {
    refuse_custom_code(object, config.model_type, config.where);
    read_sizes_loosely(config, object);
  }
}

void read_labels_of(ModelConfig& config, const Json& object) {
  const ConfigFamily* family = find_config_family(config.model_type);
  DeclaredLabels labels = read_labels(object, family == nullptr ? 2 : family->labels, config.where);
  config.labels = std::move(labels.names);
  config.labels_declared = labels.declared;
}

}  // namespace

ModelConfig read_config(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "config.json";
  return parse_config(read_json_object(path, kMaxConfigBytes), path.string());
}

ModelConfig parse_config(Json object, const std::string& where) {
  if (!object.is_object()) bad_checkpoint(where, "expected a JSON object, found " + quoted_json(object));
  ModelConfig config;
  config.where = where;
  config.model_type = model_type_of(object, where);
  refuse_quantized(object, where);
  read_family(config, object);
  config.architectures = architectures_of(object, where);
  config.problem_type = problem_type_of(object, where);
  read_labels_of(config, object);
  config.raw = std::move(object);
  return config;
}

std::vector<std::string> labels_of_head(const ModelConfig& config, std::size_t outputs) {
  if (config.labels.size() == outputs) return config.labels;
  if (!config.labels_declared && outputs > 0 && outputs <= kMaxLabels) return numbered_labels(outputs);
  bad_checkpoint(config.where, "expected a classifier with the config's " + std::to_string(config.labels.size()) +
                                   " labels, found one with " + std::to_string(outputs) + " outputs");
}

std::size_t longest_text(const ModelConfig& config) {
  // Their first position is that of the padding token plus one; MPNet fixes the padding token's at 1.
  constexpr std::array<std::string_view, 3> kAfterPadding{"roberta", "xlm-roberta", "camembert"};
  std::size_t kept = config.model_type == "mpnet" ? 2 : 0;
  if (std::ranges::find(kAfterPadding, config.model_type) != kAfterPadding.end()) kept = config.pad_token_id + 1;
  return config.max_positions > kept ? config.max_positions - kept : 0;
}

}  // namespace tastevin::checkpoint
