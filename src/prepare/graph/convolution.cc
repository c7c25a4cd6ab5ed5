#include "prepare/graph/convolution.h"

#include <openvino/op/ops.hpp>

namespace tastevin::graph {
namespace {

/// What of `weight` [H, H, kernel] each place of the kernel is multiplied with, [H, H] each.
std::vector<Value> by_place(const Value& weight, std::size_t kernel) {
  const ov::Node* node = weight.get_node();
  if (ov::is_type<ov::op::v0::Convert>(node)) node = node->get_input_node_ptr(0);
  const auto values = ov::as_type<const ov::op::v0::Constant>(node)->cast_vector<float>();
  const std::size_t width = node->get_shape().front();
  std::vector<Value> places;
  for (std::size_t place = 0; place < kernel; ++place) {
    std::vector<float> part(width * width);
    for (std::size_t i = 0; i < part.size(); ++i) part[i] = values[i * kernel + place];
    places.push_back(ov::op::v0::Constant::create(ov::element::f32, {width, width}, part));
  }
  return places;
}

/// For each token of `x` the one `distance` places on in the same text, or zeros where the text has none there. Inside
/// a text, and nowhere else, positions differ by as much as places do.
Value neighbour(const Value& x, const Sequence& sequence, std::int64_t distance) {
  const Value zero = scalar(std::int64_t{0});
  const Value last = subtract(size_along(x, 1), scalar(std::int64_t{1}));
  const Value there = add(sequence.row_index(), scalar(distance));
  const Value inside = std::make_shared<ov::op::v1::Minimum>(std::make_shared<ov::op::v1::Maximum>(there, zero), last);
  const Value index = std::make_shared<ov::op::v0::Squeeze>(inside, zero);
  const auto at_index = [&index](const Value& values) {
    return std::make_shared<ov::op::v8::Gather>(values, index, scalar(std::int64_t{1}));
  };
  const Value apart = subtract(at_index(sequence.position_ids()), sequence.position_ids());
  const Value same_text = std::make_shared<ov::op::v1::Equal>(apart, scalar(distance));
  return multiply(at_index(x), unsqueeze(as_floats(same_text), {2}));
}

}  // namespace

Value convolve(const Value& x, const Sequence& sequence, const Scope& scope, std::size_t kernel) {
  const std::size_t width = width_of(x);
  const auto places = by_place(scope.tensor("weight", {width, width, kernel}), kernel);
  Value sum = scope.tensor("bias", {width});
  for (std::size_t place = 0; place < kernel; ++place) {
    const auto distance = static_cast<std::int64_t>(place) - static_cast<std::int64_t>(kernel / 2);
    sum = add(multiply_transposed(distance == 0 ? x : neighbour(x, sequence, distance), places[place]), sum);
  }
  return sum;
}

}  // namespace tastevin::graph
