#include <openvino/core/rt_info.hpp>
#include <openvino/op/ops.hpp>
#include <openvino/openvino.hpp>

#include "base/error.h"
#include "base/files.h"
#include "model_folder/model_folder.h"

namespace tastevin::model_folder {
namespace {

/// Counts the floating-point and int8 constants; the rest are shapes, axes and scalars.
void count_weights(Graph& graph) {
  for (const auto& node : graph.model->get_ops()) {
    const auto constant = ov::as_type_ptr<ov::op::v0::Constant>(node);
    if (!constant) continue;
    const ov::element::Type type = constant->get_element_type();
    if (constant->get_shape().empty()) continue;
    if (!type.is_real() && type != ov::element::i8 && type != ov::element::u8) continue;
    graph.weights[type.to_string()] += ov::shape_size(constant->get_shape());
  }
}

/// Graphs that others exported may take i32 and give f16; what feeds and reads them has i64 and f32. Others are left as
/// they are: OpenVINO's preprocessing would rewrite ours beyond what its kernels take.
void convert_at_the_edges(const std::shared_ptr<ov::Model>& model) {
  ov::preprocess::PrePostProcessor edges(model);
  bool differs = false;
  for (std::size_t i = 0; i < model->inputs().size(); ++i) {
    const ov::element::Type type = model->input(i).get_element_type();
    if (!type.is_integral_number() || type == ov::element::i64) continue;
    edges.input(i).tensor().set_element_type(ov::element::i64);
    differs = true;
  }
  if (!model->outputs().empty()) {
    const ov::element::Type type = model->output(0).get_element_type();
    if (type.is_real() && type != ov::element::f32) {
      edges.output(0).tensor().set_element_type(ov::element::f32);
      differs = true;
    }
  }
  if (differs) edges.build();
}

/// Graphs may be exported for one text, or for texts of one length; they take any number and any length here.
void free_the_sizes(const std::shared_ptr<ov::Model>& model, const std::string& where) {
  std::map<std::size_t, ov::PartialShape> shapes;
  for (std::size_t i = 0; i < model->inputs().size(); ++i) {
    const ov::PartialShape shape = model->input(i).get_partial_shape();
    if (shape.rank().is_static() && shape.size() == 2 && (shape[0].is_static() || shape[1].is_static()))
      shapes[i] = ov::PartialShape::dynamic(2);
  }
  if (shapes.empty()) return;
  const std::string found = model->input(shapes.begin()->first).get_partial_shape().to_string();
  try {
    model->reshape(shapes);
  } catch (const ov::Exception&) {
    throw Error(ErrorCode::unsupported_model, where + ": its graph is of inputs " + found +
                                                  " alone: expected one of any number of texts and tokens, [?,?]");
  }
}

}  // namespace

bool is_model_folder(const std::filesystem::path& folder) { return is_file(folder / "openvino_model.xml"); }

Graph read(const std::filesystem::path& folder) {
  const MappedFile xml(folder / "openvino_model.xml");
  auto bin = std::make_shared<const MappedFile>(folder / "openvino_model.bin");
  try {
    // The tensor over the mapping carries its owner, so that each constant of the model keeps the mapping alive.
    const ov::Tensor bytes(ov::element::u8, {bin->size()}, const_cast<std::byte*>(bin->data()));
    const ov::Tensor weights(bytes, std::static_pointer_cast<void>(std::const_pointer_cast<MappedFile>(bin)));
    Graph graph{.model = ov::Core().read_model(std::string(xml.text()), weights),
                .files = {bin},
                .weights = {},
                .weight_bytes = bin->size()};
    count_weights(graph);
    convert_at_the_edges(graph.model);
    free_the_sizes(graph.model, xml.path().string());
    return graph;
  } catch (const ov::Exception& error) {
    throw Error(ErrorCode::bad_checkpoint,
                xml.path().string() + ": not an OpenVINO model: " + in_quotes(error.what(), 300));
  }
}

void read_into_memory(Graph& graph) {
  for (const auto& node : graph.model->get_ordered_ops()) {
    const auto constant = ov::as_type_ptr<ov::op::v0::Constant>(node);
    if (!constant) continue;
    const auto copy = std::make_shared<ov::op::v0::Constant>(constant->get_element_type(), constant->get_shape(),
                                                             constant->get_data_ptr());
    copy->set_friendly_name(constant->get_friendly_name());
    ov::copy_runtime_info(constant, copy);
    ov::replace_node(constant, copy);
  }
  graph.files.clear();
}

std::filesystem::path onnx_file(const std::filesystem::path& folder) {
  for (const char* name : {"model.onnx", "onnx/model.onnx"}) {
    if (is_file(folder / name)) return folder / name;
  }
  return {};
}

Graph read_onnx(const std::filesystem::path& file) {
  try {
    Graph graph{
        .model = ov::Core().read_model(file.string()), .files = {}, .weights = {}, .weight_bytes = size_of(file)};
    count_weights(graph);
    convert_at_the_edges(graph.model);
    free_the_sizes(graph.model, file.string());
    return graph;
  } catch (const ov::Exception& error) {
    throw Error(ErrorCode::bad_checkpoint, file.string() + ": not an ONNX model: " + in_quotes(error.what(), 300));
  }
}

std::size_t outputs_of(const ov::Model& model) {
  if (model.outputs().empty()) throw Error(ErrorCode::unsupported_model, "the graph has no output");
  const ov::PartialShape shape = model.output(0).get_partial_shape();
  if (shape.rank().is_dynamic()) return 0;
  if (shape.size() != 2) {
    throw Error(ErrorCode::unsupported_model, "the graph's output has the shape " + shape.to_string() +
                                                  ": expected [texts, labels], a number for each label of a text");
  }
  return shape[1].is_static() ? static_cast<std::size_t>(shape[1].get_length()) : 0;
}

}  // namespace tastevin::model_folder
