#pragma once

// What flows into the sites of a graph, seen by running it on texts.

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <openvino/core/model.hpp>

#include "flow/flow.h"
#include "prepare/quantize/int8.h"

namespace tastevin::int8 {

/// Of one site, over all tokens; a column is a channel of its input.
struct Activations {
  std::vector<float> low;
  std::vector<float> high;
  Matrix sample;  // the channels of some tokens, evenly drawn
};

/// Runs `model`, which has the standard interface, on `texts` one by one. Takes the time of that and keeps some 1 MB a
/// site. `threads` is how many to compute with, 0 for all; `tick` is called after each text.
/// Throws `Error{unsupported_model}` for an input that texts do not give.
std::map<std::string, Activations> observe(const std::shared_ptr<ov::Model>& model, std::span<const Encoding> texts,
                                           std::size_t threads, const std::function<void()>& tick);

}  // namespace tastevin::int8
