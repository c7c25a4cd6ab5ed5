#pragma once

// Rewrites a pattern so that the Oniguruma that we link, whose Unicode tables are older, reads its character classes as
// the reference does: `\w` becomes `[\w\x{..}-\x{..}]` and so on. A pure function; any thread.

#include <string>
#include <string_view>

namespace tastevin::tokenizer {

/// Throws `Error{unsupported_model}` naming `where` for an operator that cannot be rewritten.
std::string expand_classes(std::string_view pattern, const std::string& where);

}  // namespace tastevin::tokenizer
