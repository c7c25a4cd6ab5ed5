#pragma once

// The search for a temperature, without a model.

#include <cstddef>
#include <vector>

namespace tastevin::calibrating {

/// The mean of -log(softmax(logits / temperature)[truth]).
double log_loss(const std::vector<std::vector<float>>& logits, const std::vector<std::size_t>& truth,
                double temperature);

/// Where it is least, from 0.05 to 20: by golden section of the logarithm, as it has one lowest place there.
double best_temperature(const std::vector<std::vector<float>>& logits, const std::vector<std::size_t>& truth);
/// Whether it would go on beyond that range.
bool is_at_limit(double temperature);

}  // namespace tastevin::calibrating
