// Any JSON as a checkpoint, {"config": what config.json has, "tensors": [{"name", "shape"}]}, its tensors being zeros
// in f32: refused as damaged or unsupported, or a graph with an output for each label that the config declares.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <openvino/openvino.hpp>

#include "base/json.h"
#include "prepare/graph/graph.h"
#include "support/temporary_folder.h"
#include "tastevin/error.h"

namespace {

using namespace tastevin;

constexpr std::size_t kMostBytes = std::size_t{1} << 20U;

/// Throws `Error` for what is no tensor here.
checkpoint::TensorView zeros(const Json& tensor) {
  static const TemporaryFolder folder;
  static const auto file = std::make_shared<const MappedFile>(folder.write("zeros", std::string(kMostBytes, '\0')));
  std::size_t bytes = sizeof(float);
  std::vector<std::size_t> shape;
  for (const Json& size : tensor.value("shape", Json::array())) {
    shape.push_back(whole_number(size, kMostBytes).value_or(0));
    bytes *= shape.back();
    if (bytes > kMostBytes) throw Error(ErrorCode::too_large, "a tensor");
  }
  return {checkpoint::DType::f32, shape, file->data(), bytes, file};
}

checkpoint::TensorStore tensors_of(const Json& list) {
  checkpoint::Tensors tensors;
  for (const Json& tensor : list) {
    if (!tensor.is_object()) continue;
    const Json name = tensor.value("name", Json());
    if (name.is_string()) tensors[name.get<std::string>()] = zeros(tensor);
  }
  return checkpoint::TensorStore(std::move(tensors));
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const Json json = parse_json({reinterpret_cast<const char*>(data), size}, "fuzz");
    if (!json.is_object()) return 0;
    const auto config = checkpoint::parse_config(json.value("config", Json()), "fuzz");
    const auto model = graph::build_graph(config, tensors_of(json.value("tensors", Json())), WeightFormat::keep).model;
    const auto outputs = model->output("logits").get_partial_shape().rbegin()->get_length();
    if (config.labels_declared && static_cast<std::size_t>(outputs) != config.labels.size()) std::abort();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::internal) std::abort();
  }
  return 0;
}
