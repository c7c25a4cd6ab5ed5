#pragma once

// What a ModernBERT config says beyond sizes.

#include <cstdint>
#include <vector>

#include "prepare/checkpoint/config.h"
#include "prepare/graph/blocks.h"

namespace tastevin::graph {

enum class Reach : std::uint8_t { global, local };

struct ModernBertSettings {
  Bias norm_bias;
  Bias attention_bias;
  Bias feed_forward_bias;
  std::vector<Reach> layers;  // how far each layer's tokens see
  std::int64_t window;        // to both sides, in local layers
  double global_theta;        // of rotary positions
  double local_theta;
};

/// Throws `Error{unsupported_model}` for what is not built here.
ModernBertSettings modernbert_settings(const checkpoint::ModelConfig& config);

}  // namespace tastevin::graph
