#pragma once

// The graphs of the golden models of tests/golden/families (tools/make_family_golden.py), whose weights are counted.

#include <numeric>

#include <openvino/core/model.hpp>

#include "prepare/graph/graph.h"
#include "support/checkpoint.h"
#include "support/counted_values.h"
#include "support/files.h"

namespace tastevin {

/// The model `name`, whose file holds `golden`; its weights are written into `folder`.
inline std::shared_ptr<ov::Model> golden_graph(const Json& golden, const std::string& name,
                                               const TemporaryFolder& folder) {
  CheckpointBuilder builder;
  for (const Json& tensor : golden.at("tensors")) {
    const std::vector<std::size_t> shape = tensor.at("shape");
    const std::size_t count = std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
    const auto values =
        counted_values(tensor.at("name").get<std::string>(), count, tensor.at("scale"), tensor.at("offset"));
    builder.add_bytes(tensor.at("name"), shape, checkpoint::DType::f32,
                      {reinterpret_cast<const char*>(values.data()), count * sizeof(float)});
  }
  return graph::build_graph(checkpoint::parse_config(golden.at("config"), name), builder.build(folder),
                            WeightFormat::keep)
      .model;
}

}  // namespace tastevin
