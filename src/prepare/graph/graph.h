#pragma once

// From a checkpoint's tensors and config to an OpenVINO model of the standard interface. The header stays free of
// OpenVINO's own, which are slow to compile; who needs the model's inside includes them.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "prepare/checkpoint/config.h"
#include "prepare/checkpoint/tensor_store.h"
#include "tastevin/options.h"

namespace ov {
class Model;
}

namespace tastevin::graph {

struct Built {
  std::shared_ptr<ov::Model> model;
  std::vector<std::string>
      ignored;  // tensors of the checkpoint that no label needs: buffers, what only pretraining has
};

/// Builds the graph of `config.model_type`. Weights that `format` leaves as they are point into the mapped checkpoint.
/// Throws `Error{unsupported_model}` for a family that is not built here, and `Error{bad_checkpoint}` when a weight is
/// missing, has another shape, or belongs to no part of the family.
Built build_graph(const checkpoint::ModelConfig& config, const checkpoint::TensorStore& tensors, WeightFormat format);

/// The `model_type`s that can be built.
std::vector<std::string_view> families();

}  // namespace tastevin::graph
