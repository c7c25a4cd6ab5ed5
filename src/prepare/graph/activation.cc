#include "prepare/graph/activation.h"

#include <openvino/op/ops.hpp>

#include "base/error.h"

namespace tastevin::graph {
namespace {

Value gelu(const Value& x, ov::op::GeluApproximationMode mode) { return std::make_shared<ov::op::v7::Gelu>(x, mode); }

/// x * sigmoid(slope * x)
Value gated(const Value& x, float slope) {
  return multiply(x, std::make_shared<ov::op::v0::Sigmoid>(multiply(x, scalar(slope))));
}

}  // namespace

Value activate(const Value& x, const std::string& name) {
  if (name == "gelu" || name == "gelu_python") return gelu(x, ov::op::GeluApproximationMode::ERF);
  if (name == "gelu_new" || name == "gelu_pytorch_tanh" || name == "gelu_fast") {
    return gelu(x, ov::op::GeluApproximationMode::TANH);
  }
  if (name == "tanh") return std::make_shared<ov::op::v0::Tanh>(x);
  if (name == "relu") return std::make_shared<ov::op::v0::Relu>(x);
  if (name == "silu" || name == "swish") return gated(x, 1.0F);
  if (name == "quick_gelu") return gated(x, 1.702F);
  throw Error(ErrorCode::unsupported_model,
              "activation " + in_quotes(name) +
                  ": expected gelu, gelu_new, gelu_pytorch_tanh, gelu_fast, relu, silu, quick_gelu or tanh");
}

}  // namespace tastevin::graph
