#include <openvino/op/ops.hpp>
#include <openvino/openvino.hpp>

#include "base/error.h"
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

}  // namespace

bool is_model_folder(const std::filesystem::path& folder) {
  return std::filesystem::is_regular_file(folder / "openvino_model.xml");
}

Graph read(const std::filesystem::path& folder) {
  const MappedFile xml(folder / "openvino_model.xml");
  auto bin = std::make_shared<const MappedFile>(folder / "openvino_model.bin");
  // The tensor over the mapping carries its owner, so that each constant of the model keeps the mapping alive.
  const ov::Tensor bytes(ov::element::u8, {bin->size()}, const_cast<std::byte*>(bin->data()));
  const ov::Tensor weights(bytes, std::static_pointer_cast<void>(std::const_pointer_cast<MappedFile>(bin)));
  try {
    Graph graph{.model = ov::Core().read_model(std::string(xml.text()), weights),
                .files = {bin},
                .weights = {},
                .weight_bytes = bin->size()};
    count_weights(graph);
    return graph;
  } catch (const ov::Exception& error) {
    throw Error(ErrorCode::bad_checkpoint,
                xml.path().string() + ": not an OpenVINO model: " + in_quotes(error.what(), 300));
  }
}

}  // namespace tastevin::model_folder
