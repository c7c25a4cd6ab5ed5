#pragma once

// Where the model is that commands take when no other is named.

#include <filesystem>

namespace tastevin::cli {

/// The small model that comes with the program: `models/sst2-tiny` of the source tree that it was built in, or
/// `share/tastevin/models/sst2-tiny` beside an installed one. Throws `Error{not_found}`.
std::filesystem::path bundled_model();

}  // namespace tastevin::cli
