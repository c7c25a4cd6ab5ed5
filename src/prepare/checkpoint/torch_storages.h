#pragma once

// From the bytes of a file of torch.save to its pickled tensors and the storages that they are in; see torch_file.h.

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "prepare/checkpoint/pickled_tensors.h"

namespace tastevin::checkpoint {

struct TorchContents {
  std::vector<PickledTensor> tensors;
  std::map<std::string_view, std::string_view, std::less<>> storages;  ///< key to bytes, both parts of the file
};

/// Finds out the form and reads all but the storages' bytes. Throws like `parse_torch_file`.
TorchContents read_torch_contents(std::string_view file, const std::string& where);

}  // namespace tastevin::checkpoint
