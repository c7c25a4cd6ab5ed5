#pragma once

// The places of a graph where int8 pays: products of something that depends on the text with constant weights, and the
// table of words. What stands after the last normalisation or attention is the head; it is small, decides the label,
// and stays as it is.

#include <memory>
#include <string>
#include <vector>

#include <openvino/core/model.hpp>

namespace tastevin::int8 {

using Value = ov::Output<ov::Node>;

/// x W + b, or x W.
struct Product {
  std::string name;  // of its weights
  std::shared_ptr<ov::Node> matmul;
  Value weights;             // constant, or the Convert of one in a shorter type: [out, in] or [in, out]
  std::size_t out_axis = 0;  // of the weights
};

/// Products that read the same value, and so its one quantization.
struct Site {
  std::string name;  // of its first product; no two sites have the same
  Value input;
  std::vector<Product> products;
  bool shares_weights = false;  // another site multiplies with some of its weights too
};

/// The sites of `model` in the order of the graph.
std::vector<Site> sites_of(const ov::Model& model);

/// Every lookup in the table that `input_ids` are looked up in; none when there is no such table.
std::vector<std::shared_ptr<ov::Node>> word_lookups(const ov::Model& model);

/// What the table of `lookup` is called.
std::string table_name(const ov::Node& lookup);

/// Whether `model` has int8 weights or quantized activations already.
bool is_quantized(const ov::Model& model);

/// Whether `value` is a constant, or the Convert of one.
bool is_constant(const Value& value);

/// The numbers of a constant, or of the Convert of one, in single precision. Throws `Error{bad_checkpoint}` when one is
/// not finite.
std::vector<float> values_of(const Value& constant);

}  // namespace tastevin::int8
