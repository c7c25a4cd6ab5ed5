#pragma once

// Int8 weights, activations as they were; a CPU with VNNI or AMX quantizes those by itself in each request. Needs no
// data.

#include <memory>
#include <set>
#include <string>

#include <openvino/core/model.hpp>

namespace tastevin::int8 {

/// Quantizes the weights of every site of `model` but those named in `kept`.
void quantize_weights(const std::shared_ptr<ov::Model>& model, const std::set<std::string>& kept);

/// Quantizes the words' table, if the model has one.
void quantize_words(const std::shared_ptr<ov::Model>& model);

}  // namespace tastevin::int8
