#pragma once

#include <filesystem>
#include <string>

namespace tastevin::cli {

/// The model that a command is given as `name`: a path, or a Hub id, which is pulled when it is not in the cache (its
/// progress on standard error); the bundled one when `name` is empty. Throws as `resolve_model` does.
std::filesystem::path chosen_model(const std::string& name);

}  // namespace tastevin::cli
