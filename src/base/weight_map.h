#pragma once

// The index of weights that lie in several files ("model.safetensors.index.json"): which file holds which tensor.

#include <map>
#include <string>

#include "base/json.h"

namespace tastevin {

/// File by tensor, at least one; each is a plain name, a file beside the index. Throws `Error{bad_checkpoint}`.
std::map<std::string, std::string> weight_map_of(const Json& index, const std::string& where);

}  // namespace tastevin
