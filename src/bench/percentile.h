#pragma once

// The statistic of `tastevin bench`. No state; safe to call from many threads.

#include <span>

namespace tastevin::bench {

/// The nearest-rank percentile: the least of `values` that at least `percent` in 100 of them do not exceed. `percent`
/// is above 0 and at most 100; `values` must not be empty and need not be sorted.
double percentile(std::span<const double> values, double percent);

}  // namespace tastevin::bench
