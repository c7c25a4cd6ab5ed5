#include "prepare/checkpoint/tensor_store.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <system_error>

#include "base/error.h"
#include "prepare/checkpoint/safetensors.h"
#include "prepare/checkpoint/shards.h"
#include "prepare/checkpoint/torch_file.h"

namespace tastevin::checkpoint {
namespace {

struct Format {
  std::string_view name;  // of the whole file; an index of shards has ".index.json" after it
  ReadTensors read;
};

/// In the order in which they are taken.
constexpr std::array kFormats{
    Format{"model.safetensors", read_safetensors},
    Format{"pytorch_model.bin", read_torch_file},
};

struct ForeignFile {
  std::string_view name, what;
};

/// What a folder may hold instead of weights that we read, in the order in which transformers would look for it.
constexpr std::array kForeignFiles{
    ForeignFile{"tf_model.h5", "a TensorFlow checkpoint"},
    ForeignFile{"model.ckpt.index", "a TensorFlow checkpoint"},
    ForeignFile{"flax_model.msgpack", "a Flax checkpoint"},
    ForeignFile{"adapter_model.safetensors", "an adapter without its base model"},
    ForeignFile{"adapter_model.bin", "an adapter without its base model"},
};

std::string index_of(std::string_view name) { return std::string(name) + ".index.json"; }

/// A link to nothing counts as a file, so that opening it says what is wrong.
bool has(const std::filesystem::path& folder, std::string_view name) {
  std::error_code ignored;
  return std::filesystem::exists(std::filesystem::symlink_status(folder / name, ignored));
}

void check_folder(const std::filesystem::path& folder) {
  std::error_code ignored;
  if (std::filesystem::is_directory(folder, ignored)) return;
  throw Error(ErrorCode::not_found, folder.string() + ": expected a folder with a checkpoint, found " +
                                        (std::filesystem::exists(folder, ignored) ? "something else" : "nothing"));
}

void refuse_foreign(const std::filesystem::path& folder) {
  for (const auto& [name, what] : kForeignFiles) {
    if (!has(folder, name)) continue;
    throw Error(ErrorCode::unsupported_model,
                folder.string() + ": expected model.safetensors or pytorch_model.bin, found " + std::string(name) +
                    " (" + std::string(what) + "), which is not read");
  }
}

}  // namespace

std::size_t size_of(DType dtype) {
  switch (dtype) {
    case DType::f64:
    case DType::i64:
      return 8;
    case DType::f32:
    case DType::i32:
      return 4;
    case DType::f16:
    case DType::bf16:
    case DType::i16:
      return 2;
    case DType::i8:
    case DType::u8:
    case DType::boolean:
      return 1;
  }
  assert(false);
  return 1;
}

std::string_view name_of(DType dtype) {
  constexpr std::array<std::string_view, 10> kNames{"f64", "f32", "f16", "bf16", "i64",
                                                    "i32", "i16", "i8",  "u8",   "boolean"};
  return kNames[static_cast<std::size_t>(dtype)];
}

bool TensorStore::is_in(const std::filesystem::path& folder) {
  return std::ranges::any_of(kFormats, [&folder](const Format& format) {
    return has(folder, format.name) || has(folder, index_of(format.name));
  });
}

TensorStore TensorStore::open(const std::filesystem::path& folder) {
  check_folder(folder);
  for (const auto& [name, read] : kFormats) {
    if (has(folder, name)) return TensorStore(read(folder / name));
    if (has(folder, index_of(name))) return TensorStore(read_shards(folder / index_of(name), read));
  }
  refuse_foreign(folder);
  throw Error(ErrorCode::not_found, folder.string() + ": no weights: expected model.safetensors or pytorch_model.bin");
}

const TensorView* TensorStore::find(std::string_view name) const {
  const auto found = tensors_.find(name);
  return found == tensors_.end() ? nullptr : &found->second;
}

}  // namespace tastevin::checkpoint
