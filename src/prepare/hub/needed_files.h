#pragma once

// Which files of a repository a classifier needs: its config, its tokenizer, and its weights in one form, the first of
// the order in which a folder is read (OpenVINO IR, safetensors, PyTorch, ONNX). The same choice tells whether a folder
// in the cache is complete.

#include <string>
#include <string_view>
#include <vector>

namespace tastevin::hub {

struct NeededFiles {
  std::vector<std::string> small;    // config, tokenizer, and the index when the weights come in shards
  std::vector<std::string> weights;  // empty when `index` names them
  std::string index;                 // "model.safetensors.index.json", or empty

  bool has_weights() const { return !weights.empty() || !index.empty(); }
};

/// Chooses among the names that a repository lists; only known names are ever chosen.
NeededFiles needed_files(const std::vector<std::string>& listed);

/// Throws `Error{unsupported_model}` saying what `needed` lacks: `model` is what messages call it.
void check_needed(const NeededFiles& needed, const std::vector<std::string>& listed, const std::string& model);

/// The shards that the text of an index names, each once. Throws `Error{bad_checkpoint}` for an index that is none.
std::vector<std::string> shards_of(std::string_view index, const std::string& where);

/// Whether `present` is all that a classifier needs but the shards of an index.
bool is_complete(const NeededFiles& present);

}  // namespace tastevin::hub
