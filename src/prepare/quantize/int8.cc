#include "prepare/quantize/int8.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <openvino/op/ops.hpp>

namespace tastevin::int8 {
namespace {

namespace op = ov::op;

float step_of(const float* row, std::size_t columns, float largest_code) {
  float largest = 0;
  for (std::size_t i = 0; i < columns; ++i) largest = std::max(largest, std::abs(row[i]));
  const float step = largest / largest_code;
  return step >= std::numeric_limits<float>::min() ? step : 1.0F;  // smaller ones have too few digits to divide by
}

struct Codes {
  std::vector<std::int8_t> codes;
  std::vector<float> steps;  // one a row
};

Codes codes_of(const Matrix& matrix, float largest_code = kLargestCode) {
  Codes result{std::vector<std::int8_t>(matrix.values.size()), {}};
  for (std::size_t row = 0; row < matrix.rows; ++row) {
    const float step = step_of(matrix.row(row), matrix.columns, largest_code);
    result.steps.push_back(step);
    for (std::size_t i = 0; i < matrix.columns; ++i)
      result.codes[row * matrix.columns + i] = static_cast<std::int8_t>(std::nearbyint(matrix.row(row)[i] / step));
  }
  return result;
}

std::shared_ptr<ov::Node> converted(const Value& value) {
  return std::make_shared<op::v0::Convert>(value, ov::element::f32);
}

}  // namespace

Matrix weights_of(const Product& product) {
  const ov::Shape shape = product.weights.get_shape();
  std::vector<float> values = values_of(product.weights);
  if (product.out_axis == 0) return {shape[0], shape[1], std::move(values)};
  Matrix matrix{shape[1], shape[0], std::vector<float>(values.size())};
  for (std::size_t in = 0; in < shape[0]; ++in) {
    for (std::size_t out = 0; out < shape[1]; ++out) matrix.row(out)[in] = values[in * shape[1] + out];
  }
  return matrix;
}

Matrix scaled(Matrix matrix, const std::vector<float>& factors) {
  for (std::size_t row = 0; row < matrix.rows; ++row) {
    for (std::size_t i = 0; i < matrix.columns; ++i) matrix.row(row)[i] *= factors[i];
  }
  return matrix;
}

Matrix rounded(const Matrix& matrix, float largest_code) {
  Matrix result = matrix;
  for (std::size_t row = 0; row < matrix.rows; ++row) {
    const float step = step_of(matrix.row(row), matrix.columns, largest_code);
    for (std::size_t i = 0; i < matrix.columns; ++i)
      result.row(row)[i] = std::nearbyint(matrix.row(row)[i] / step) * step;
  }
  return result;
}

Value as_int8(const Matrix& matrix, const std::string& name, float largest_code) {
  const Codes quantized = codes_of(matrix, largest_code);
  const auto codes = op::v0::Constant::create(ov::element::i8, {matrix.rows, matrix.columns}, quantized.codes);
  codes->set_friendly_name(name);
  const auto steps = op::v0::Constant::create(ov::element::f32, {matrix.rows, 1}, quantized.steps);
  return std::make_shared<op::v1::Multiply>(converted(codes), steps);
}

Value divided(const Value& input, const std::vector<float>& divisors) {
  if (std::ranges::all_of(divisors, [](float divisor) { return divisor == 1; })) return input;
  ov::Shape by_channel(input.get_partial_shape().size(), 1);
  by_channel.back() = divisors.size();
  std::vector<float> factors(divisors.size());
  std::ranges::transform(divisors, factors.begin(), [](float divisor) { return 1 / divisor; });
  return std::make_shared<op::v1::Multiply>(input, op::v0::Constant::create(ov::element::f32, by_channel, factors));
}

void replace_weights(const Product& product, const Value& weights) {
  ov::as_type_ptr<op::v0::MatMul>(product.matmul)->set_transpose_b(true);
  product.matmul->input(1).replace_source_output(weights);
}

void quantize_lookup(const std::shared_ptr<ov::Node>& lookup) {
  const ov::Shape shape = lookup->get_input_shape(0);
  const Codes quantized = codes_of({shape[0], shape[1], values_of(lookup->input_value(0))});
  const auto codes = op::v0::Constant::create(ov::element::i8, shape, quantized.codes);
  codes->set_friendly_name(lookup->get_input_node_ptr(0)->get_friendly_name());
  const auto steps = op::v0::Constant::create(ov::element::f32, {shape[0], 1}, quantized.steps);
  const auto axis = op::v0::Constant::create(ov::element::i64, {}, {0});
  const auto look_up = [&](const Value& table) {
    return std::make_shared<op::v8::Gather>(table, lookup->input_value(1), axis);
  };
  const auto row = std::make_shared<op::v1::Multiply>(converted(look_up(codes)), look_up(steps));
  row->set_friendly_name(lookup->get_friendly_name());
  lookup->output(0).replace(row->output(0));
}

}  // namespace tastevin::int8
