#include "prepare/graph/blocks.h"

#include <openvino/op/ops.hpp>

#include "prepare/graph/activation.h"

namespace tastevin::graph {

Value linear(const Value& x, const Scope& scope, std::size_t out, Bias bias, Part part) {
  const std::size_t rows = out * part.count;
  const Value product = multiply_transposed(x, scope.tensor("weight", {rows, width_of(x)}, part));
  return bias == Bias::none ? product : add(product, scope.tensor("bias", {rows}, part));
}

Value norm(const Value& x, const Scope& scope, double epsilon, Bias bias) {
  const std::size_t width = width_of(x);
  const Value centred = std::make_shared<ov::op::v6::MVN>(x, integers({-1}), true, static_cast<float>(epsilon),
                                                          ov::op::MVNEpsMode::INSIDE_SQRT);
  const Value scaled = multiply(centred, scope.tensor("weight", {width}));
  return bias == Bias::none ? scaled : add(scaled, scope.tensor("bias", {width}));
}

Value add_norm(const Value& x, const Value& residual, const Scope& scope, double epsilon) {
  return norm(add(x, residual), scope, epsilon);
}

Value embed(const Value& ids, const Scope& scope, TableSize size) {
  return look_up(scope.tensor("weight", {size.rows, size.width}), ids);
}

Value feed_forward(const Value& x, const Scope& scope, const FeedForward& shape) {
  const Value inner = activate(linear(x, scope.at(shape.up), shape.inner), shape.activation);
  return linear(inner, scope.at(shape.down), width_of(x));
}

Value gated_feed_forward(const Value& x, const Scope& scope, const FeedForward& shape, Bias bias) {
  const auto half = [&](std::size_t index) { return linear(x, scope.at(shape.up), shape.inner, bias, {index, 2}); };
  const Value inner = multiply(activate(half(0), shape.activation), half(1));
  return linear(inner, scope.at(shape.down), width_of(x), bias);
}

}  // namespace tastevin::graph
