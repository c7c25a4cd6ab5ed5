#pragma once

// From the name of a model on the command line to its folder, and to a classifier.

#include <filesystem>
#include <string>

#include "tastevin/classifier.h"

namespace tastevin::cli {

/// The model that a command is given: a path, or a Hub id, which is pulled when it is not in the cache (its progress on
/// standard error). Throws as `resolve_model` does.
std::filesystem::path chosen_model(const std::string& name);

/// The same for a flag that may be left out: the bundled model when `name` is empty.
std::filesystem::path chosen_or_bundled_model(const std::string& name);

/// A classifier of `model`; its warning, when it has one, goes to standard error. Throws as `Classifier::load` does.
Classifier loaded(const std::filesystem::path& model, const ModelOptions& options);

}  // namespace tastevin::cli
