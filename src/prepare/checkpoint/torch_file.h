#pragma once

// The files of torch.save (`pytorch_model.bin`) that hold a state dict, in both forms. No code of the file is run; see
// pickle.h. What the pickle says is checked against the storages before an element is read.
//
//   since 1.6   zip: NAME/data.pkl, NAME/byteorder, NAME/data/KEY (the bytes of a storage), all stored as they are
//   before      pickles: magic number, protocol version, system, state dict, list of KEYs; then for each key a count
//               of elements (u64) and the elements

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "prepare/checkpoint/tensor_store.h"

namespace tastevin::checkpoint {

/// Maps the file and reads its pickle. Views point into the mapping and share it, several of them on the same bytes
/// where tensors share a storage. A tensor that is not row-major is copied, and its view owns the copy; copies take no
/// more than the file's size in all. Throws `Error{bad_checkpoint}` naming the tensor, entry or global, and
/// `Error{unsupported_model}` for things of torch that we do not run.
Tensors read_torch_file(const std::filesystem::path& path);

/// The same of a file in memory, whose bytes `owner` keeps; `where` names it in messages.
Tensors parse_torch_file(std::string_view file, std::shared_ptr<const MappedFile> owner, const std::string& where);

}  // namespace tastevin::checkpoint
