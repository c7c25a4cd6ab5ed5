#pragma once

// Labels as people write them in files.

#include <string>
#include <vector>

namespace tastevin::tables {

/// The id of `label`, which is one of `labels` by name or by its number. `where` is what messages call the place.
/// Throws `Error{invalid_argument}` naming the labels that there are.
std::size_t label_id(const std::string& label, const std::vector<std::string>& labels, const std::string& where);

/// The labels that `list` names: a JSON list, or what stands between `|`, `;` or `,`, unless all of it is one of
/// `labels`. Throws `Error{invalid_argument}` for broken JSON.
std::vector<std::string> label_list(const std::string& list, const std::vector<std::string>& labels,
                                    const std::string& where);

}  // namespace tastevin::tables
