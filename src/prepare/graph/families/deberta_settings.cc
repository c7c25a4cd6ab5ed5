#include "prepare/graph/families/deberta_settings.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "base/ascii.h"
#include "base/json.h"
#include "prepare/graph/settings.h"

namespace tastevin::graph {
namespace {

/// A positive whole number; the config class has -1 for "not set".
std::int64_t positive_or(const checkpoint::ModelConfig& config, const char* key, std::size_t fallback) {
  constexpr double kLimit = 1 << 20;
  const double value = number_setting(config, key, -1);
  if (value < 1) return static_cast<std::int64_t>(fallback);
  if (value > kLimit) unsupported(config, "a '" + std::string(key) + "' above a million");
  return static_cast<std::int64_t>(value);
}

/// Whether `setting`, a list or a text of parts between bars, has `part`.
bool has_part(const checkpoint::ModelConfig& config, const char* setting, const std::string& part) {
  const Json* value = find_member(config.raw, setting);
  if (value == nullptr) return false;
  if (value->is_array()) return std::ranges::find(*value, Json(part)) != value->end();
  std::istringstream parts(text_setting(config, setting, ""));
  for (std::string one; std::getline(parts, one, '|');) {
    std::erase(one, ' ');
    if (ascii::lower(one) == part) return true;
  }
  return false;
}

void set_distances(DebertaSettings& settings, const checkpoint::ModelConfig& config) {
  constexpr std::size_t kMaxReach = std::size_t{1} << 17U;  // no tensor bounds it
  if (config.max_positions > kMaxReach) unsupported(config, std::to_string(config.max_positions) + " positions");
  const auto reach = static_cast<std::int64_t>(config.max_positions);
  const std::int64_t far = positive_or(config, "max_relative_positions", config.max_positions);
  const std::int64_t span = positive_or(config, "position_buckets", 0);
  if (span == 1 || far == 1) unsupported(config, "a table of distances with one bucket");
  if (span > 0 && far - 1 <= span / 2) unsupported(config, "no distances beyond 'position_buckets'");
  settings.span = span > 0 ? span : far;
  settings.buckets = span > 0 ? centred_buckets(span, far, reach) : plain_buckets(far, reach);
}

void set_convolution(DebertaSettings& settings, const checkpoint::ModelConfig& config) {
  settings.convolution = size_setting(config, "conv_kernel_size", 0);
  settings.convolution_act = text_setting(config, "conv_act", "tanh");
  if (settings.convolution == 0) return;
  if (settings.convolution % 2 == 0) unsupported(config, "an even 'conv_kernel_size'");
  if (size_setting(config, "conv_groups", 1) != 1) unsupported(config, "a convolution in groups ('conv_groups')");
  if (config.layers < 2) unsupported(config, "a convolution after the only layer");
}

}  // namespace

DebertaSettings deberta_settings(const checkpoint::ModelConfig& config) {
  DebertaSettings settings{};
  settings.embedding_size = size_setting(config, "embedding_size", config.hidden_size);
  settings.token_types = size_setting(config, "type_vocab_size", 0);
  settings.adds_positions = bool_or(config.raw, "position_biased_input", true, config.where);
  settings.relative = is_set(config, "relative_attention");
  settings.normed_table = has_part(config, "norm_rel_ebd", "layer_norm");
  settings.words_ask_distances = has_part(config, "pos_att_type", "c2p");
  settings.distances_ask_words = has_part(config, "pos_att_type", "p2c");
  settings.shares_projections = is_set(config, "share_att_key");
  const int summed = 1 + int{settings.words_ask_distances} + int{settings.distances_ask_words};
  const std::size_t width = config.hidden_size / config.heads;
  settings.query_scale = 1 / std::sqrt(static_cast<float>(width) * static_cast<float>(summed));
  settings.epsilon = config.layer_norm_eps;
  set_distances(settings, config);
  set_convolution(settings, config);
  if (size_setting(config, "attention_head_size", width) != width) {
    unsupported(config, "an 'attention_head_size' that is not the hidden size by heads");
  }
  return settings;
}

}  // namespace tastevin::graph
