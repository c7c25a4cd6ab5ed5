#pragma once

// The named tensors of a checkpoint, as views into its memory-mapped files. Immutable after opening; safe to read from
// many threads. A view stays valid as long as its `owner` lives.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/mapped_file.h"

namespace tastevin::checkpoint {

enum class DType : std::uint8_t { f64, f32, f16, bf16, i64, i32, i16, i8, u8, boolean };

std::size_t size_of(DType dtype);
std::string_view name_of(DType dtype);  ///< "f32"

struct TensorView {
  DType dtype = DType::f32;
  std::vector<std::size_t> shape;
  const std::byte* data = nullptr;  ///< row-major, little-endian, possibly unaligned
  std::size_t bytes = 0;
  std::shared_ptr<const MappedFile> owner;  ///< the file; keeps `data`, which may be a copy, alive
};

using Tensors = std::map<std::string, TensorView, std::less<>>;

class TensorStore {
 public:
  /// Opens the weights in `folder` (`model.safetensors`, else `pytorch_model.bin`, each whole or in shards). Nothing
  /// but headers is read, and tensors of a .bin that are not row-major.
  /// Throws `Error{not_found}` when there are none and `Error{bad_checkpoint}` when a file contradicts itself.
  static TensorStore open(const std::filesystem::path& folder);

  /// Whether `open` would find weights in `folder`.
  static bool is_in(const std::filesystem::path& folder);

  explicit TensorStore(Tensors tensors) : tensors_(std::move(tensors)) {}

  /// The tensor of this name, or null.
  const TensorView* find(std::string_view name) const;
  const Tensors& all() const noexcept { return tensors_; }

 private:
  Tensors tensors_;
};

}  // namespace tastevin::checkpoint
