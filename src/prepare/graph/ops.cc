#include "prepare/graph/ops.h"

#include <openvino/op/ops.hpp>

namespace tastevin::graph {

Value scalar(float value) { return ov::op::v0::Constant::create(ov::element::f32, ov::Shape{}, {value}); }

Value scalar(std::int64_t value) { return ov::op::v0::Constant::create(ov::element::i64, ov::Shape{}, {value}); }

Value integers(const std::vector<std::int64_t>& values) {
  return ov::op::v0::Constant::create(ov::element::i64, ov::Shape{values.size()}, values);
}

Value add(const Value& left, const Value& right) { return std::make_shared<ov::op::v1::Add>(left, right); }

Value subtract(const Value& left, const Value& right) { return std::make_shared<ov::op::v1::Subtract>(left, right); }

Value multiply(const Value& left, const Value& right) { return std::make_shared<ov::op::v1::Multiply>(left, right); }

Value multiply_transposed(const Value& x, const Value& weight) {
  return std::make_shared<ov::op::v0::MatMul>(x, weight, false, true);
}

Value choose(const Value& condition, const Value& yes, const Value& no) {
  return std::make_shared<ov::op::v1::Select>(condition, yes, no);
}

Value unsqueeze(const Value& x, const std::vector<std::int64_t>& axes) {
  return std::make_shared<ov::op::v0::Unsqueeze>(x, integers(axes));
}

Value as_floats(const Value& x) { return std::make_shared<ov::op::v0::Convert>(x, ov::element::f32); }

Value as_integers(const Value& x) { return std::make_shared<ov::op::v0::Convert>(x, ov::element::i64); }

Value clip(const Value& x, std::int64_t low, std::int64_t high) {
  const Value raised = std::make_shared<ov::op::v1::Maximum>(x, scalar(low));
  return std::make_shared<ov::op::v1::Minimum>(raised, scalar(high));
}

Value look_up(const Value& table, const Value& ids) {
  return std::make_shared<ov::op::v8::Gather>(table, ids, scalar(std::int64_t{0}));
}

Value size_along(const Value& x, std::int64_t axis) {
  const Value shape = std::make_shared<ov::op::v3::ShapeOf>(x, ov::element::i64);
  return std::make_shared<ov::op::v8::Gather>(shape, scalar(axis), scalar(std::int64_t{0}));
}

std::size_t width_of(const Value& x) { return static_cast<std::size_t>(x.get_partial_shape().rbegin()->get_length()); }

Value anchored(const Value& x, const char* name) {
  x.get_node()->set_friendly_name(name);
  x.get_tensor().set_names({name});
  return x;
}

}  // namespace tastevin::graph
