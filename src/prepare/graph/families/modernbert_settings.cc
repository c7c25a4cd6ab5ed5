#include "prepare/graph/families/modernbert_settings.h"

#include "base/error.h"
#include "base/json.h"
#include "prepare/graph/settings.h"

namespace tastevin::graph {
namespace {

constexpr std::size_t kMaxAngles = std::size_t{1} << 25U;  // of the tables of rotations, which no tensor bounds
constexpr std::size_t kMaxLayers = 1024;
constexpr double kGlobalTheta = 160000;
constexpr double kLocalTheta = 10000;

void refuse_scaling(const checkpoint::ModelConfig& config, const Json* rotary) {
  if (rotary == nullptr || rotary->empty()) return;
  if (!rotary->is_object()) unsupported(config, "'rope_scaling' " + quoted_json(*rotary));
  const std::string type = string_or(*rotary, "rope_type", string_or(*rotary, "type", "", config.where), config.where);
  if (type != "default") unsupported(config, "scaling of rotary positions ('rope_scaling', " + in_quotes(type) + ")");
}

/// The angle base of layers of one kind, where transformers 5 writes it, or null.
const Json* rotary_of(const checkpoint::ModelConfig& config, const char* kind) {
  const Json* all = find_member(config.raw, "rope_parameters");
  return all == nullptr || !all->is_object() ? nullptr : find_member(*all, kind);
}

double theta_of(const checkpoint::ModelConfig& config, const char* kind, double fallback) {
  const Json* rotary = rotary_of(config, kind);
  refuse_scaling(config, rotary);
  return rotary == nullptr ? fallback : number_or(*rotary, "rope_theta", fallback, config.where);
}

/// Absent it has a value of its own, null it is the global one.
double local_theta(const checkpoint::ModelConfig& config, double global_theta) {
  return config.raw.contains("local_rope_theta") ? number_setting(config, "local_rope_theta", global_theta)
                                                 : kLocalTheta;
}

Reach reach_of(const checkpoint::ModelConfig& config, const Json& type) {
  const std::string name = type.is_string() ? type.get<std::string>() : "";
  if (name == "full_attention") return Reach::global;
  if (name == "sliding_attention") return Reach::local;
  unsupported(config, "a layer of type " + quoted_json(type));
}

std::vector<Reach> listed_layers(const checkpoint::ModelConfig& config, const Json& types) {
  if (types.size() != config.layers) unsupported(config, "a list 'layer_types' that is not as long as the layers");
  std::vector<Reach> layers;
  for (const Json& type : types) layers.push_back(reach_of(config, type));
  return layers;
}

std::vector<Reach> layers_of(const checkpoint::ModelConfig& config) {
  if (config.layers > kMaxLayers) unsupported(config, "a model of " + std::to_string(config.layers) + " layers");
  if (const Json* types = find_member(config.raw, "layer_types")) return listed_layers(config, *types);
  const std::size_t every = size_setting(config, "global_attn_every_n_layers", 3);
  if (every == 0) unsupported(config, "a 'global_attn_every_n_layers' of 0");
  std::vector<Reach> layers(config.layers, Reach::local);
  for (std::size_t i = 0; i < config.layers; i += every) layers[i] = Reach::global;
  return layers;
}

}  // namespace

ModernBertSettings modernbert_settings(const checkpoint::ModelConfig& config) {
  refuse_scaling(config, find_member(config.raw, "rope_scaling"));
  const std::size_t width = config.hidden_size / config.heads;
  if (width % 2 != 0) unsupported(config, "an odd width of heads");
  if (config.max_positions > kMaxAngles / width) {
    unsupported(config, std::to_string(config.max_positions) + " positions");
  }
  const double global_theta = number_setting(config, "global_rope_theta", kGlobalTheta);
  return {.norm_bias = bias_setting(config, "norm_bias"),
          .attention_bias = bias_setting(config, "attention_bias"),
          .feed_forward_bias = bias_setting(config, "mlp_bias"),
          .layers = layers_of(config),
          .window = static_cast<std::int64_t>(size_setting(config, "local_attention", 128) / 2),
          .global_theta = theta_of(config, "full_attention", global_theta),
          .local_theta = theta_of(config, "sliding_attention", local_theta(config, global_theta))};
}

}  // namespace tastevin::graph
