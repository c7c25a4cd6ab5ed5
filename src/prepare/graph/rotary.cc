#include "prepare/graph/rotary.h"

#include <cmath>
#include <vector>

#include <openvino/op/ops.hpp>

namespace tastevin::graph {
namespace {

/// `of` each angle, [positions, width / 2]; in single precision, as the reference computes them.
Value table(const RotaryShape& shape, float (*of)(float)) {
  const std::size_t pairs = shape.width / 2;
  std::vector<float> values;
  values.reserve(shape.positions * pairs);
  for (std::size_t position = 0; position < shape.positions; ++position) {
    for (std::size_t pair = 0; pair < pairs; ++pair) {
      const float share = static_cast<float>(2 * pair) / static_cast<float>(shape.width);
      const float speed = 1.0F / std::pow(static_cast<float>(shape.theta), share);
      values.push_back(of(speed * static_cast<float>(position)));
    }
  }
  return ov::op::v0::Constant::create(ov::element::f32, ov::Shape{shape.positions, pairs}, values);
}

}  // namespace

Rotation rotation_at(const Value& positions, const RotaryShape& shape) {
  const auto looked_up = [&](float (*of)(float)) { return unsqueeze(look_up(table(shape, of), positions), {1}); };
  return {looked_up([](float angle) { return std::cos(angle); }),
          looked_up([](float angle) { return std::sin(angle); })};
}

Value rotate(const Value& x, const Rotation& rotation) {
  const auto halves = std::make_shared<ov::op::v1::Split>(x, scalar(std::int64_t{3}), 2);
  const Value left = halves->output(0);
  const Value right = halves->output(1);
  const Value turned_left = subtract(multiply(left, rotation.cosine), multiply(right, rotation.sine));
  const Value turned_right = add(multiply(right, rotation.cosine), multiply(left, rotation.sine));
  return std::make_shared<ov::op::v0::Concat>(ov::OutputVector{turned_left, turned_right}, -1);
}

}  // namespace tastevin::graph
