#pragma once

// User-perceived characters (extended grapheme clusters of Unicode annex 29) as the reference tokenizer has them. Pure
// functions; any thread.

#include <cstddef>
#include <string_view>

namespace tastevin::tokenizer {

/// Where the cluster that begins at `at` (< text.size(), on a cluster boundary) ends.
std::size_t end_of_grapheme(std::string_view text, std::size_t at);

}  // namespace tastevin::tokenizer
