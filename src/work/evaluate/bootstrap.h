#pragma once

// Intervals of figures by resampling (Efron 1979). Values; safe to use from many threads.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numeric>
#include <random>
#include <span>
#include <vector>

#include "tastevin/evaluate.h"

namespace tastevin {

/// Places of texts.
using Rows = std::span<const std::size_t>;

/// A figure of all rows, and its interval over samples of the rows drawn with replacement, the same on every run.
class Bootstrap {
 public:
  Bootstrap(std::size_t rows, std::size_t samples) : rows_(rows), samples_(samples) {}

  Figure figure(const std::function<double(Rows)>& of) const {
    std::vector<std::size_t> rows(rows_);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    Figure figure{of(rows)};
    if (samples_ == 0 || std::isnan(figure.value)) return figure;
    std::mt19937_64 dice(1);
    std::vector<double> values(samples_);
    for (double& value : values) {
      for (std::size_t& row : rows) row = dice() % rows_;
      value = of(rows);
    }
    std::erase_if(values, [](double value) { return std::isnan(value); });  // of samples that have none
    if (values.empty()) return figure;
    std::ranges::sort(values);
    figure.low = values[(values.size() - 1) * 25 / 1000];
    figure.high = values[(values.size() - 1) * 975 / 1000];
    return figure;
  }

 private:
  std::size_t rows_;
  std::size_t samples_;
};

}  // namespace tastevin
