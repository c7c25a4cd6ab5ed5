#include "prepare/graph/convolution.h"

#include <openvino/op/ops.hpp>

namespace tastevin::graph {

Value convolve(const Value& x, const Scope& scope, std::size_t kernel) {
  const std::size_t width = width_of(x);
  const auto margin = static_cast<std::ptrdiff_t>(kernel / 2);
  const Value channels_first = std::make_shared<ov::op::v1::Transpose>(x, integers({0, 2, 1}));
  const Value convolved = std::make_shared<ov::op::v1::Convolution>(
      channels_first, scope.tensor("weight", {width, width, kernel}), ov::Strides{1}, ov::CoordinateDiff{margin},
      ov::CoordinateDiff{margin}, ov::Strides{1});
  const Value tokens_first = std::make_shared<ov::op::v1::Transpose>(convolved, integers({0, 2, 1}));
  return add(tokens_first, scope.tensor("bias", {width}));
}

}  // namespace tastevin::graph
