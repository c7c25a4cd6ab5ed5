#pragma once

// The safetensors format: a header in JSON, then the bytes of the tensors. Everything that the header says is checked,
// against itself and against the size of the file, before one tensor byte is read or anything is allocated by a size.
//
//   0         8                8 + n                             end
//   | n (u64) | header: n bytes | bytes of the tensors, no gap    |
//
//   {"__metadata__": {"format": "pt"}, "NAME": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ...}
//
// Offsets count from 8 + n. The rules are those of the reference crate; a duplicate key is refused besides.

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "prepare/checkpoint/tensor_store.h"

namespace tastevin::checkpoint {

/// The longest header that is read, as in the reference.
inline constexpr std::size_t kMaxHeaderBytes = 100'000'000;

/// What the header says of one tensor, proved to lie in the file.
struct TensorEntry {
  std::string name;
  DType dtype = DType::f32;
  std::vector<std::size_t> shape;
  std::size_t begin = 0;  ///< from the first byte of the file
  std::size_t bytes = 0;
};

/// The tensors of a whole file in memory, in the order of their bytes. `where` names the file in messages.
/// Throws `Error{bad_checkpoint}` naming the tensor, what was expected and what was found, and
/// `Error{unsupported_model}` for a type of the format that no `DType` stands for.
std::vector<TensorEntry> read_header(std::string_view file, const std::string& where);

/// Maps the file and reads its header; the views share the mapping.
Tensors read_safetensors(const std::filesystem::path& path);

}  // namespace tastevin::checkpoint
