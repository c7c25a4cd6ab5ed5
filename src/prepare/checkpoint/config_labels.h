#pragma once

// The labels of a classifier as its `config.json` has them, by the rules of transformers 4.57: `id2label` decides, also
// against `num_labels`; without it `num_labels` counts LABEL_0, LABEL_1, ...; `label2id` decides nothing.

#include <cstddef>
#include <string>
#include <vector>

#include "base/json.h"

namespace tastevin::checkpoint {

/// The most labels that a config may have, so that one large id costs no memory.
inline constexpr std::size_t kMaxLabels = 100'000;

struct DeclaredLabels {
  std::vector<std::string> names;  ///< in id order; LABEL_i for an id that the map leaves out
  bool declared = false;           ///< whether the config says how many there are
};

/// Reads the labels; `fallback` is their number when the config says nothing.
/// Throws `Error{bad_checkpoint}` for an id that is no whole number below `kMaxLabels`, an id given twice, or no label.
DeclaredLabels read_labels(const Json& config, std::size_t fallback, const std::string& where);

/// LABEL_0, LABEL_1, ...
std::vector<std::string> numbered_labels(std::size_t count);

}  // namespace tastevin::checkpoint
