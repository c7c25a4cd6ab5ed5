#include "prepare/hub/needed_files.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/error.h"
#include "base/model_files.h"
#include "base/weight_map.h"

namespace tastevin::hub {
namespace {

using Names = std::vector<std::string>;

constexpr char kConfig[] = "config.json";
constexpr char kManifest[] = "tastevin.json";
constexpr std::array kVocabularies{"tokenizer.json", "vocab.txt", "vocab.json",
                                   "spiece.model",   "spm.model", "sentencepiece.bpe.model"};
constexpr std::array kForeignWeights{"tf_model.h5", "flax_model.msgpack", "rust_model.ot", "adapter_model.safetensors",
                                     "model_head.pkl"};

bool has(const Names& listed, std::string_view name) { return std::ranges::find(listed, name) != listed.end(); }

/// One form: all of `files` must be there.
bool take_files(const Names& listed, std::initializer_list<const char*> files, NeededFiles& needed) {
  if (!std::ranges::all_of(files, [&](const char* file) { return has(listed, file); })) return false;
  needed.weights.assign(files.begin(), files.end());
  return true;
}

bool take_index(const Names& listed, const char* index, NeededFiles& needed) {
  if (!has(listed, index)) return false;
  needed.index = index;
  needed.small.emplace_back(index);
  return true;
}

/// An ONNX file, after the files of its tensors that lie outside it ("model.onnx_data", "model.onnx.data").
bool take_onnx(const Names& listed, const std::string& model, NeededFiles& needed) {
  if (!has(listed, model)) return false;
  const auto holds_tensors = [&](const std::string& name) {
    return name.starts_with(model + "_data") || name.starts_with(model + ".data");
  };
  std::ranges::copy_if(listed, std::back_inserter(needed.weights), holds_tensors);
  needed.weights.push_back(model);
  return true;
}

bool take_weights(const Names& listed, NeededFiles& needed) {
  return take_files(listed, {"openvino_model.xml", "openvino_model.bin"}, needed) ||
         take_files(listed, {"model.safetensors"}, needed) ||
         take_index(listed, "model.safetensors.index.json", needed) ||
         take_files(listed, {"pytorch_model.bin"}, needed) ||
         take_index(listed, "pytorch_model.bin.index.json", needed) || take_onnx(listed, "model.onnx", needed) ||
         take_onnx(listed, "onnx/model.onnx", needed);
}

}  // namespace

NeededFiles needed_files(const Names& listed) {
  NeededFiles needed;
  if (has(listed, kManifest)) needed.small.emplace_back(kManifest);
  for (const char* name : kFilesBesideWeights) {
    if (has(listed, name)) needed.small.emplace_back(name);
  }
  take_weights(listed, needed);
  return needed;
}

void check_needed(const NeededFiles& needed, const Names& listed, const std::string& model) {
  if (!has(needed.small, kConfig))
    throw Error(ErrorCode::unsupported_model, model + ": expected a config.json, found none");
  if (needed.has_weights()) return;
  std::string found;
  for (const char* name : kForeignWeights) {
    if (has(listed, name)) found += (found.empty() ? "" : ", ") + std::string(name);
  }
  throw Error(
      ErrorCode::unsupported_model,
      model + ": expected weights in model.safetensors, pytorch_model.bin, openvino_model.xml or model.onnx, found " +
          (found.empty() ? "none" : found));
}

std::vector<std::string> shards_of(std::string_view index, const std::string& where) {
  std::set<std::string> shards;
  for (const auto& [tensor, shard] : weight_map_of(parse_json(index, where), where)) shards.insert(shard);
  return {shards.begin(), shards.end()};
}

bool is_complete(const NeededFiles& present) {
  const auto is_present = [&](const char* name) { return has(present.small, name); };
  return is_present(kConfig) && std::ranges::any_of(kVocabularies, is_present) && present.has_weights();
}

}  // namespace tastevin::hub
