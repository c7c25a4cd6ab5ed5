#pragma once

// Graphs of small checkpoints, and running them on one list of ids.

#include <numeric>

#include <openvino/openvino.hpp>

#include "prepare/graph/graph.h"
#include "support/checkpoint.h"
#include "support/counted_values.h"
#include "support/files.h"

namespace tastevin::int8 {

inline std::shared_ptr<ov::Model> tiny_graph() {
  const auto folder = source_file("tests/golden/tiny/gelu-f32");
  return graph::build_graph(checkpoint::read_config(folder), checkpoint::TensorStore::open(folder), WeightFormat::keep);
}

/// The golden model `name` of tests/golden/families.
inline std::shared_ptr<ov::Model> family_graph(const std::string& name) {
  const TemporaryFolder folder;
  const Json golden = read_json_object(source_file("tests/golden/families/" + name + ".json"));
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
                            WeightFormat::keep);
}

inline std::vector<float> logits_of(const std::shared_ptr<ov::Model>& model, std::vector<std::int64_t> ids) {
  static ov::Core core;
  auto request =
      core.compile_model(model, "CPU", ov::hint::inference_precision(ov::element::f32)).create_infer_request();
  std::vector<std::int64_t> ones(ids.size(), 1);
  std::vector<std::int64_t> zeros(ids.size(), 0);
  const ov::Shape shape{1, ids.size()};
  for (const auto& input : model->inputs()) {
    const std::string name = input.get_any_name();
    auto& values = name == "input_ids" ? ids : name == "attention_mask" ? ones : zeros;
    request.set_tensor(name, ov::Tensor(ov::element::i64, shape, values.data()));
  }
  request.infer();
  const ov::Tensor logits = request.get_output_tensor();
  return {logits.data<const float>(), logits.data<const float>() + logits.get_size()};
}

}  // namespace tastevin::int8
