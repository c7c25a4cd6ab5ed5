#include "bench/percentile.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

namespace tastevin::bench {

double percentile(std::span<const double> values, double percent) {
  assert(!values.empty() && percent > 0 && percent <= 100);
  const double rank = std::ceil(percent / 100 * static_cast<double>(values.size()));
  const auto place = std::clamp<std::size_t>(static_cast<std::size_t>(rank), 1, values.size()) - 1;
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::nth_element(sorted, sorted.begin() + static_cast<std::ptrdiff_t>(place));
  return sorted[place];
}

}  // namespace tastevin::bench
