#pragma once

// What a user calls a model, a folder of any form or an ONNX file, as the parts of a model, checked against each other.
// What the spines share.

#include <filesystem>

#include "classify/tokenizer/tokenizer.h"
#include "model_folder/model_folder.h"
#include "prepare/checkpoint/config.h"
#include "tastevin/model_info.h"

namespace tastevin {

struct ModelParts {
  checkpoint::ModelConfig config;
  tokenizer::Tokenizer tokenizer;
  model_folder::Graph graph;
  ModelInfo info;
};

/// Reads `model`; a checkpoint's graph is built in memory and nothing is written.
/// Throws `Error{not_found | bad_checkpoint | unsupported_model}`.
ModelParts open_model(const std::filesystem::path& model);

/// The folder with the config and the tokenizer of `model`: itself, or that of an ONNX file. Throws `Error{not_found}`.
std::filesystem::path folder_of(const std::filesystem::path& model);

/// Throws `Error{bad_checkpoint}` when a text could get a token id that the embedding table has no row for.
void check_tokenizer(const tokenizer::Tokenizer& tokenizer, const checkpoint::ModelConfig& config);

}  // namespace tastevin
