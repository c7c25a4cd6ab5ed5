#pragma once

// A checkpoint in several files, and the index that says which tensor is in which of them:
// {"metadata": {...}, "weight_map": {"NAME": "model-00001-of-00002.safetensors", ...}}

#include <filesystem>

#include "prepare/checkpoint/tensor_store.h"

namespace tastevin::checkpoint {

/// Reads one of the files, by its format.
using ReadTensors = Tensors (*)(const std::filesystem::path& file);

/// Opens every file that `index` names (they stand beside it) with `read` and gives all their tensors.
/// Throws `Error{bad_checkpoint}` naming the file or tensor when a file is not there, when the index names only part of
/// a numbered series, or when index and files do not agree on where a tensor is.
Tensors read_shards(const std::filesystem::path& index, ReadTensors read);

}  // namespace tastevin::checkpoint
