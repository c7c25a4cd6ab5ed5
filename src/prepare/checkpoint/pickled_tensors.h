#pragma once

// What the pickle of a PyTorch state dict says of its tensors: name, type, and where its elements stand in a storage,
// which is kept outside of the pickle under a key. Nothing here has seen the storages; see torch_file.h.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "prepare/checkpoint/pickle.h"
#include "prepare/checkpoint/tensor_store.h"

namespace tastevin::checkpoint {

/// Of the same order as the longest that torch makes; a shape takes memory each time that a tensor has it.
inline constexpr std::size_t kMaxRank = 16;

struct PickledTensor {
  std::string_view name;  ///< like the key of its storage, a part of the pickle's bytes
  DType dtype = DType::f32;
  std::string_view storage;          ///< its key
  std::size_t storage_elements = 0;  ///< those that the storage has
  std::size_t offset = 0;            ///< of the first element; like the strides, in elements
  std::vector<std::size_t> shape;
  std::vector<std::size_t> strides;  ///< as many as sizes
};

/// The globals that the pickle of a state dict may name.
std::span<const std::string_view> torch_globals();

/// The tensors of a state dict, `pickle`. Throws `Error{bad_checkpoint}` when it is none, when a tensor is there twice
/// or incomplete, or a number negative; whether a tensor fits its storage is not checked here.
std::vector<PickledTensor> pickled_tensors(const Pickle& pickle, const std::string& where);

}  // namespace tastevin::checkpoint
