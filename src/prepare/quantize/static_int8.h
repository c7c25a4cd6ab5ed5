#pragma once

// Int8 weights and activations: a FakeQuantize before each site, whose products the CPU plugin then computes in bytes.
// Softmax, norms, products of attention and the head stay as they are.

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <openvino/core/model.hpp>

#include "prepare/quantize/int8.h"
#include "prepare/quantize/statistics.h"

namespace tastevin::int8 {

/// How the input of a site becomes bytes: value / divisor of its channel, within [low, high]. The weights are
/// multiplied by the divisors, so the products stay the same (SmoothQuant, Xiao et al. 2023).
struct Scheme {
  std::vector<float> divisors;  // one a channel
  float low = 0;
  float high = 0;
  float largest_code = kLargestCode;  // of the weights
};

/// The scheme with the smallest error of the site's products on the sample, of several strengths of smoothing (none
/// where weights are shared), shares of the observed range and percentiles of the sample.
Scheme best_scheme(const Site& site, const Activations& seen, float largest_code = kLargestCode);

/// Quantizes the sites of `model` that have a scheme but those named in `kept`. What the rounding moves the mean of a
/// product by is taken off its bias.
void quantize_sites(const std::shared_ptr<ov::Model>& model, const std::map<std::string, Scheme>& schemes,
                    const std::map<std::string, Activations>& seen, const std::set<std::string>& kept);

}  // namespace tastevin::int8
