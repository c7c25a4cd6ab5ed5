#pragma once

// Graphs of small checkpoints, and running them on one list of ids.

#include <openvino/openvino.hpp>

#include "support/family_golden.h"

namespace tastevin::int8 {

inline std::shared_ptr<ov::Model> tiny_graph() {
  const auto folder = source_file("tests/golden/tiny/gelu-f32");
  return graph::build_graph(checkpoint::read_config(folder), checkpoint::TensorStore::open(folder), WeightFormat::keep)
      .model;
}

/// The golden model `name` of tests/golden/families.
inline std::shared_ptr<ov::Model> family_graph(const std::string& name) {
  const TemporaryFolder folder;
  return golden_graph(read_json_object(source_file("tests/golden/families/" + name + ".json")), name, folder);
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
