#include "bench/flops.h"

#include <map>

#include <openvino/op/ops.hpp>
#include <openvino/openvino.hpp>

#include "base/error.h"

namespace tastevin::bench {
namespace {

double outputs(const ov::Node& node) { return static_cast<double>(ov::shape_size(node.get_output_shape(0))); }

double last(const ov::Shape& shape, std::size_t from_end) {
  return static_cast<double>(*(shape.end() - static_cast<std::ptrdiff_t>(from_end)));
}

double flops_of(const ov::op::v0::MatMul& product) {
  const ov::Shape& left = product.get_input_shape(0);
  const double inner = last(left, product.get_transpose_a() && left.size() > 1 ? 2 : 1);
  return 2 * inner * outputs(product);
}

/// Queries by keys, and the weights by values: queries x keys x (width of a key + width of a value) each.
double flops_of(const ov::op::v13::ScaledDotProductAttention& attention) {
  const ov::Shape& queries = attention.get_input_shape(0);
  const double keys = last(attention.get_input_shape(1), 2);
  return 2 * keys * (static_cast<double>(ov::shape_size(queries)) + outputs(attention));
}

/// Filters are [out, in / groups, kernel...], for grouped ones with the groups before them.
double flops_of_convolution(const ov::Node& convolution, std::size_t first_inner) {
  const ov::Shape& filters = convolution.get_input_shape(1);
  double inner = 1;
  for (auto size = filters.begin() + static_cast<std::ptrdiff_t>(first_inner); size != filters.end(); ++size)
    inner *= static_cast<double>(*size);
  return 2 * inner * outputs(convolution);
}

double flops_of(const ov::Node& node) {
  if (const auto* product = ov::as_type<const ov::op::v0::MatMul>(&node)) return flops_of(*product);
  if (const auto* attention = ov::as_type<const ov::op::v13::ScaledDotProductAttention>(&node))
    return flops_of(*attention);
  if (ov::is_type<ov::op::v1::Convolution>(&node)) return flops_of_convolution(node, 1);
  if (ov::is_type<ov::op::v1::GroupConvolution>(&node)) return flops_of_convolution(node, 2);
  return 0;
}

double flops_at(const std::shared_ptr<ov::Model>& model, std::size_t tokens) {
  std::map<std::size_t, ov::PartialShape> shapes;
  for (std::size_t i = 0; i < model->inputs().size(); ++i)
    shapes[i] = ov::PartialShape{1, static_cast<std::int64_t>(tokens)};
  model->reshape(shapes);
  double flops = 0;
  for (const auto& node : model->get_ordered_ops()) flops += flops_of(*node);
  return flops;
}

}  // namespace

Flops count_flops(const std::shared_ptr<const ov::Model>& model) try {
  for (const auto& input : model->inputs()) OPENVINO_ASSERT(input.get_partial_shape().size() == 2, input);
  const std::shared_ptr<ov::Model> copy = model->clone();
  constexpr double kLength = 8;
  const double once = flops_at(copy, 8);
  const double twice = flops_at(copy, 16);
  const double thrice = flops_at(copy, 24);
  Flops flops;
  flops.per_pair = (thrice - 2 * twice + once) / (2 * kLength * kLength);
  flops.per_token = (twice - once) / kLength - 3 * kLength * flops.per_pair;
  flops.fixed = once - kLength * (flops.per_token + kLength * flops.per_pair);
  return flops;
} catch (const ov::Exception& error) {
  throw Error(ErrorCode::unsupported_model,
              "model: expected inputs [texts, tokens] to count its work by, found " + in_quotes(error.what(), 300));
}

}  // namespace tastevin::bench
