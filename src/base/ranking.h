#pragma once

// What stands first where the highest value does.

#include <algorithm>
#include <cstddef>
#include <functional>
#include <numeric>
#include <ranges>
#include <vector>

namespace tastevin {

/// The places of `items` by their values, the highest first; equal ones keep their order.
template <std::ranges::random_access_range Items, class Value = std::identity>
std::vector<std::size_t> highest_first(const Items& items, Value value = {}) {
  std::vector<std::size_t> order(std::ranges::size(items));
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater{},
                           [&](std::size_t place) { return std::invoke(value, items[place]); });
  return order;
}

}  // namespace tastevin
