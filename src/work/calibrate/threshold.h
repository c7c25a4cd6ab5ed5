#pragma once

// The choice of a reject threshold, without a model.

#include <optional>
#include <string>
#include <vector>

#include "tastevin/calibrate.h"

namespace tastevin::calibrating {

/// The score of a text's answer, and whether it is right.
struct Judged {
  float score = 0;
  bool right = false;
};

/// The threshold by which answers are rejected. Throws `Error{invalid_argument}` for a target that cannot be read;
/// nothing when no threshold reaches it.
std::optional<ThresholdReport> best_threshold(const std::vector<Judged>& judged, const std::string& target);

/// The threshold of a label by itself, from its scores and whether it holds; likewise.
std::optional<ThresholdPoint> best_point(const std::vector<double>& scores, const std::vector<bool>& holds,
                                         const std::string& target);

/// What holds of a label that is answered from `threshold` on.
ThresholdPoint point_at(double threshold, const std::vector<double>& scores, const std::vector<bool>& holds);

}  // namespace tastevin::calibrating
