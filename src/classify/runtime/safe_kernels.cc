#include "classify/runtime/safe_kernels.h"

#include <numeric>

#include <openvino/op/ops.hpp>
#include <openvino/openvino.hpp>

namespace tastevin::runtime {
namespace {

using Value = ov::Output<ov::Node>;

constexpr std::size_t kSafeRank = 4;

bool is_constant(const Value& value) {
  const ov::Node* node = value.get_node();
  if (ov::is_type<ov::op::v0::Convert>(node)) node = node->get_input_node_ptr(0);
  return ov::is_type<ov::op::v0::Constant>(node);
}

std::shared_ptr<ov::Node> axes(std::size_t count) {
  std::vector<std::int64_t> first(count);
  std::iota(first.begin(), first.end(), std::int64_t{0});
  return ov::op::v0::Constant::create(ov::element::i64, {count}, first);
}

/// The plugin computes these together with the MatMul before them; parting them would cost a pass over memory.
bool is_fused(const ov::Node& node) {
  if (ov::is_type_any_of<ov::op::v0::Gelu, ov::op::v7::Gelu, ov::op::v0::Relu, ov::op::v0::Tanh, ov::op::v0::Sigmoid>(
          &node)) {
    return true;
  }
  if (!ov::is_type_any_of<ov::op::v1::Add, ov::op::v1::Multiply>(&node)) return false;
  const auto adds_no_axis = [&](std::size_t constant, std::size_t other) {
    const ov::Rank rank = node.get_input_partial_shape(other).rank();
    return is_constant(node.input_value(constant)) && rank.is_static() &&
           node.get_input_partial_shape(constant).rank().get_length() <= rank.get_length();
  };
  return adds_no_axis(0, 1) || adds_no_axis(1, 0);
}

/// The last of the nodes that the plugin computes in one with `matmul`.
std::shared_ptr<ov::Node> end_of_fusion(std::shared_ptr<ov::Node> last) {
  while (true) {
    const auto readers = last->output(0).get_target_inputs();
    if (readers.size() != 1) return last;
    const auto next = readers.begin()->get_node()->shared_from_this();
    if (!is_fused(*next)) return last;
    last = next;
  }
}

void widen(const std::shared_ptr<ov::Node>& matmul) {
  const Value x = matmul->input_value(0);
  const auto rank = static_cast<std::size_t>(x.get_partial_shape().rank().get_length());
  const auto added = axes(kSafeRank - rank);
  matmul->input(0).replace_source_output(std::make_shared<ov::op::v0::Unsqueeze>(x, added));
  const auto last = end_of_fusion(matmul);
  const auto readers = last->output(0).get_target_inputs();
  const auto narrowed = std::make_shared<ov::op::v0::Squeeze>(last, added);
  for (auto reader : readers) reader.replace_source_output(narrowed);
}

}  // namespace

void avoid_convolutions(const std::shared_ptr<ov::Model>& model) {
  for (const auto& node : model->get_ordered_ops()) {
    if (!ov::is_type<ov::op::v0::MatMul>(node) || !is_constant(node->input_value(1))) continue;
    const ov::Rank rank = node->get_input_partial_shape(0).rank();
    if (rank.is_static() && rank.get_length() >= 2 && static_cast<std::size_t>(rank.get_length()) < kSafeRank)
      widen(node);
  }
  model->validate_nodes_and_infer_types();
}

}  // namespace tastevin::runtime
