#pragma once

// From a Hugging Face checkpoint to a model folder: OpenVINO IR of the standard interface, tokenizer, config, manifest.

#include <filesystem>

#include "tastevin/model_info.h"
#include "tastevin/options.h"

namespace tastevin {

/// Converts the checkpoint folder into `out` and tells what was written. The folder appears whole or not at all; one
/// that stands there already is replaced if it is a model folder and refused otherwise. Throws `Error{not_found |
/// bad_checkpoint | unsupported_model | invalid_argument}`, and `Error{unavailable}` when `out` cannot be written.
ModelInfo convert(const std::filesystem::path& checkpoint, const std::filesystem::path& out,
                  const ConvertOptions& options = {});

}  // namespace tastevin
