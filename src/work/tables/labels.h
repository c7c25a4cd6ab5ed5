#pragma once

// Labels as people write them in files.

#include <string>
#include <vector>

namespace tastevin::tables {

/// The id of `label`, which is one of `labels` by name or by its number. `where` is what messages call the place.
/// Throws `Error{invalid_argument}` naming the labels that there are.
std::size_t label_id(const std::string& label, const std::vector<std::string>& labels, const std::string& where);

}  // namespace tastevin::tables
