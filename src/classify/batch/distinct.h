#pragma once

// Equal texts run once.

#include <cstddef>
#include <span>
#include <vector>

#include "tastevin/text.h"

namespace tastevin::batch {

/// The different texts of a call, in the order of their first appearance, and which of them each text of the call is.
struct Distinct {
  std::vector<Text> texts;         // views of the caller's
  std::vector<std::size_t> which;  // one a text of the call
};

/// Compares bytes, the pair's too. Linear in the bytes of the texts.
Distinct distinct(std::span<const Text> texts);

}  // namespace tastevin::batch
