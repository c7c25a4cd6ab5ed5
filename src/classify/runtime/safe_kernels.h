#pragma once

// The CPU plugin runs some f32 MatMuls with constant weights as 1x1 convolutions (oneDNN's brgconv_avx512_1x1). When
// two streams, or two models, prepare such convolutions for new shapes at the same moment, one of them can get the
// blocking of the other: from then on all its answers are wrong, silently (OpenVINO 2026.4.1; docs/openvino.md has the
// evidence). The plugin takes this kernel for inputs of rank 2 and 3 only.

#include <memory>

namespace ov {
class Model;
}

namespace tastevin::runtime {

/// Gives every MatMul by constant weights an input of rank 4, so that the plugin does not take the convolution. Values
/// and the shapes of all outputs stay as they are; the reshapes cost nothing but their dispatch.
void avoid_convolutions(const std::shared_ptr<ov::Model>& model);

}  // namespace tastevin::runtime
