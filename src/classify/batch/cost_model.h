#pragma once

// The cost of a request by its shape: the plan of batches is the one that it finds cheapest. A value.

#include <cstddef>

namespace tastevin::batch {

/// What a request costs, in units of what one token costs in a short row: a fixed part, each token of each row, and
/// attention, which grows with the square of the row. The defaults are a least-squares fit over a DistilBERT-base shape
/// in f32 on 2 cores (benchmarks/fit_cost); other shapes and types differ by less than the plan's choice is sensitive
/// to.
struct CostModel {
  double request = 12;      // tokens' worth of starting a request
  double attention = 1e-3;  // tokens' worth of one key seen by one query

  double of(std::size_t rows, std::size_t length) const {
    const auto tokens = static_cast<double>(rows * length);
    return request + tokens * (1 + attention * static_cast<double>(length));
  }
};

}  // namespace tastevin::batch
