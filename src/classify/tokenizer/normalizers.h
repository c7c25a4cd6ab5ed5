#pragma once

// Normalizers by the `type` that tokenizer.json gives them.

#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "classify/tokenizer/normalizer.h"

namespace tastevin::tokenizer {

/// Null for JSON null. Throws `Error{unsupported_model}` naming a type that is not built here.
std::unique_ptr<const Normalizer> make_normalizer(const Json& json, const std::string& where);

/// One after another.
std::unique_ptr<const Normalizer> in_sequence(std::vector<std::unique_ptr<const Normalizer>> steps);

}  // namespace tastevin::tokenizer
