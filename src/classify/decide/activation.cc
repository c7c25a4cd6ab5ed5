#include "classify/decide/activation.h"

#include <algorithm>
#include <cmath>

namespace tastevin::decide {
namespace {

void softmax(std::span<float> row) {
  const float largest = *std::ranges::max_element(row);
  double sum = 0;
  for (float& value : row) {
    value = std::exp(value - largest);
    sum += static_cast<double>(value);
  }
  for (float& value : row) value = static_cast<float>(static_cast<double>(value) / sum);
}

void sigmoid(std::span<float> row) {
  for (float& value : row) value = 1.0F / (1.0F + std::exp(-value));
}

}  // namespace

Activation default_activation(std::optional<Task> problem_type, std::size_t labels) {
  if (problem_type == Task::regression) return Activation::none;
  return problem_type == Task::multi_label || labels == 1 ? Activation::sigmoid : Activation::softmax;
}

void to_scores(Activation activation, std::span<float> row) {
  if (row.empty()) return;
  if (activation == Activation::softmax) softmax(row);
  if (activation == Activation::sigmoid) sigmoid(row);
}

}  // namespace tastevin::decide
