#pragma once

// What a DeBERTa-v2 config says beyond sizes.

#include <cstddef>
#include <cstdint>
#include <string>

#include "prepare/checkpoint/config.h"
#include "prepare/graph/relative.h"

namespace tastevin::graph {

struct DebertaSettings {
  std::size_t embedding_size;
  std::size_t token_types;   // 0: none are added
  bool adds_positions;       // `position_biased_input`
  bool relative;             // `relative_attention`: there is a table of distances
  bool normed_table;         // `norm_rel_ebd`
  bool words_ask_distances;  // "c2p" in `pos_att_type`
  bool distances_ask_words;  // "p2c"
  bool shares_projections;   // `share_att_key`: distances are projected as words are
  float query_scale;         // with it scores are divided by the root of their width and of how many are summed
  double epsilon;            // of normalisations
  std::int64_t span;         // buckets in each direction
  Buckets buckets;           // by distance, as far as positions reach
  std::size_t convolution;   // width of the kernel after the first layer; 0: none
  std::string convolution_act;
};

/// Throws `Error{unsupported_model}` for what is not built here.
DebertaSettings deberta_settings(const checkpoint::ModelConfig& config);

}  // namespace tastevin::graph
