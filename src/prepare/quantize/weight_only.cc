#include "prepare/quantize/weight_only.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <span>
#include <vector>

#include <openvino/op/ops.hpp>
#include <openvino/op/util/unary_elementwise_arithmetic.hpp>

#include "prepare/quantize/int8.h"
#include "prepare/quantize/sites.h"

namespace tastevin::int8 {
namespace {

namespace op = ov::op;

constexpr float kSmallest = 1e-5F;

using Products = std::map<const ov::Node*, const Product*>;  // by their nodes

Products products_of(const std::vector<Site>& sites) {
  Products products;
  for (const Site& site : sites) {
    for (const Product& product : site.products) products[product.matmul.get()] = &product;
  }
  return products;
}

/// How large each channel of `input` may become, where it is an activation function of a product: the norm of the
/// weights and the bias that make the channel. Empty where something else makes it.
std::vector<float> sizes_of_channels(const Value& input, const Products& products) {
  const ov::Node* node = input.get_node();
  if (!ov::is_type<op::util::UnaryElementwiseArithmetic>(node)) return {};
  node = node->get_input_node_ptr(0);
  std::vector<float> bias;
  if (ov::is_type<op::v1::Add>(node)) {
    if (!is_constant(node->input_value(1))) return {};
    bias = values_of(node->input_value(1));
    node = node->get_input_node_ptr(0);
  }
  const auto inner = products.find(node);
  if (inner == products.end()) return {};
  const Matrix weights = weights_of(*inner->second);
  std::vector<float> sizes(weights.rows);
  for (std::size_t row = 0; row < weights.rows; ++row) {
    const std::span values(weights.row(row), weights.columns);
    const float squares = std::inner_product(values.begin(), values.end(), values.begin(), 0.0F);
    sizes[row] = std::hypot(std::sqrt(squares), bias.size() == weights.rows ? bias[row] : 0.0F);
  }
  return sizes;
}

/// What to divide the channels of an inner layer by, and multiply the columns of `weights` by, so that no column stands
/// out and spoils the scale of its rows (cross-layer equalization, Nagel et al. 2019).
std::vector<float> equalizing(const std::vector<float>& sizes, const Matrix& weights) {
  std::vector<float> largest(weights.columns, kSmallest);
  for (std::size_t row = 0; row < weights.rows; ++row) {
    for (std::size_t i = 0; i < weights.columns; ++i) largest[i] = std::max(largest[i], std::abs(weights.row(row)[i]));
  }
  std::vector<float> divisors(weights.columns);
  std::ranges::transform(sizes, largest, divisors.begin(),
                         [](float size, float weight) { return std::sqrt(std::max(size, kSmallest) / weight); });
  return divisors;
}

}  // namespace

void quantize_weights(const std::shared_ptr<ov::Model>& model, const std::set<std::string>& kept) {
  const std::vector<Site> sites = sites_of(*model);
  const Products products = products_of(sites);
  std::map<Value, Value> done;  // layers may share weights
  for (const Site& site : sites) {
    if (kept.contains(site.name)) continue;
    const auto sizes = site.shares_weights ? std::vector<float>() : sizes_of_channels(site.input, products);
    for (const Product& product : site.products) {
      Value& bytes = done[product.weights];
      Matrix weights = bytes.get_node() == nullptr ? weights_of(product) : Matrix();
      if (!sizes.empty()) {
        const std::vector<float> divisors = equalizing(sizes, weights);
        weights = scaled(std::move(weights), divisors);
        product.matmul->input(0).replace_source_output(divided(site.input, divisors));
      }
      if (bytes.get_node() == nullptr) bytes = as_int8(weights, product.name);
      replace_weights(product, bytes);
    }
  }
  model->validate_nodes_and_infer_types();
}

void quantize_words(const std::shared_ptr<ov::Model>& model) {
  for (const auto& lookup : word_lookups(*model)) quantize_lookup(lookup);
  model->validate_nodes_and_infer_types();
}

}  // namespace tastevin::int8
