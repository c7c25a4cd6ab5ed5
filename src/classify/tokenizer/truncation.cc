#include "classify/tokenizer/truncation.h"

#include <algorithm>

namespace tastevin::tokenizer {

std::pair<std::size_t, std::size_t> longest_first(std::size_t first, std::size_t second, std::size_t budget) {
  if (first + second <= budget) return {first, second};
  std::size_t shorter = std::min(first, second);
  std::size_t longer = shorter > budget ? shorter : std::max(shorter, budget - shorter);
  if (shorter + longer > budget) {
    shorter = budget / 2;
    longer = shorter + budget % 2;
  }
  return first > second ? std::pair(longer, shorter) : std::pair(shorter, longer);
}

}  // namespace tastevin::tokenizer
