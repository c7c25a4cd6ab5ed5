#pragma once

// From the files of a folder to the components of its tokenizer. tokenizer.json decides; tokenizer_config.json changes
// of it what the reference's classes change, and stands for it together with a vocabulary where there is none.

#include <filesystem>

#include "classify/tokenizer/components.h"

namespace tastevin::tokenizer {

/// As `Tokenizer::load` has it.
Components load_components(const std::filesystem::path& folder, std::size_t rows);

}  // namespace tastevin::tokenizer
