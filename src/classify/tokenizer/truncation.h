#pragma once

// How many tokens of each text stay when a limit must hold, as the reference's `longest_first` has it.

#include <cstddef>
#include <utility>

namespace tastevin::tokenizer {

/// Tokens to keep of two texts with `first` and `second` tokens, so that they come to at most `budget`.
std::pair<std::size_t, std::size_t> longest_first(std::size_t first, std::size_t second, std::size_t budget);

}  // namespace tastevin::tokenizer
