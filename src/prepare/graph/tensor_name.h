#pragma once

// The one spelling under which the graph builder looks for a tensor.

#include <string>
#include <string_view>

namespace tastevin::graph {

/// `name` without what wrappers put before it (`module.`, `_orig_mod.`), and with `weight` and `bias` where an old
/// checkpoint calls a normalisation's gain and shift `gamma` and `beta`.
std::string canonical_name(std::string_view name);

}  // namespace tastevin::graph
