#pragma once

// How much arithmetic a model needs for a text, read off its graph: the one of the standard interface, one text a row,
// so that neither filler nor the neighbours of a row count.

#include <cstddef>
#include <memory>

namespace ov {
class Model;
}

namespace tastevin::bench {

/// Floating-point operations for one text. Every product in an encoder has a size that is fixed, or grows with the
/// text, or (attention) with its square; three lengths give the three parts exactly.
struct Flops {
  double fixed = 0;
  double per_token = 0;
  double per_pair = 0;  // of a query and a key

  double of(std::size_t tokens) const {
    const auto length = static_cast<double>(tokens);
    return fixed + length * (per_token + length * per_pair);
  }
};

/// Counts 2 m k n for a product of [m,k] by [k,n]: linear layers, both products of attention, convolutions. The first
/// size of every input of `model` is taken as texts, the second as tokens. Throws `Error{unsupported_model}` for inputs
/// of another rank.
Flops count_flops(const std::shared_ptr<const ov::Model>& model);

}  // namespace tastevin::bench
