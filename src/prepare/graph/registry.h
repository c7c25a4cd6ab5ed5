#pragma once

// The one table of families: a row names the page that builds the graph, and what of a checkpoint it leaves unread.

#include <memory>
#include <string_view>
#include <vector>

#include <openvino/core/model.hpp>

#include "prepare/checkpoint/config.h"
#include "prepare/graph/weights.h"

namespace tastevin::graph {

struct Family {
  std::string_view model_type;
  std::string_view architecture;          // the only head that we run of it
  std::string_view base;                  // how names begin of all but the head
  std::vector<std::string_view> ignored;  // beginnings of names, without the base: buffers, heads of pre-training
  std::shared_ptr<ov::Model> (*build)(const checkpoint::ModelConfig& config, Weights& weights);
};

const std::vector<Family>& registry();

}  // namespace tastevin::graph
