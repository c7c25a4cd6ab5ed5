#pragma once

// The folder where preparing and classifying meet:
//
//   openvino_model.xml, openvino_model.bin   the graph and its weights, in the interface that optimum-intel loads
//   config.json                              the checkpoint's, unchanged
//   tokenizer.json, vocab.txt, ...           the checkpoint's tokenizer files, unchanged
//   tastevin.json                            the manifest: who wrote it, from what, how
//
// The headers stay free of OpenVINO's own, which are slow to compile.

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/mapped_file.h"

namespace ov {
class Model;
}

namespace tastevin::model_folder {

/// What a manifest says.
struct Manifest {
  std::string family;             // "distilbert"
  std::string source;             // name of the checkpoint folder
  std::string weights;            // "keep", "f32" or "f16" as asked for, or "i8"
  std::string quantization = {};  // how it came to be int8, as JSON; empty when it is not
};

/// A graph, the mapped files that its weights lie in, and what they amount to.
struct Graph {
  std::shared_ptr<ov::Model> model;
  std::vector<std::shared_ptr<const MappedFile>> files;
  std::map<std::string, std::size_t> weights;  // number of them by type: {"f16", 4800000}
  std::size_t weight_bytes = 0;                // on disk
  std::vector<std::string> ignored = {};       // tensors of a checkpoint that the model has not
};

/// Logits that `model` gives a text; 0 when the model leaves it open. Throws `Error{unsupported_model}` when it gives
/// something else: a vector for each token, say.
std::size_t outputs_of(const ov::Model& model);

/// Whether `folder` holds an IR in the names of a model folder.
bool is_model_folder(const std::filesystem::path& folder);

/// Throws `Error{invalid_argument}` when `write` would refuse `out`; for those who have work to do before.
void check_replaceable(const std::filesystem::path& out);

/// Writes `out` whole or not at all: into a folder beside it that is then renamed. `checkpoint` is where config.json
/// and the tokenizer files are copied from. Throws `Error{invalid_argument}` when `out` exists and is neither empty nor
/// a model folder of ours, and `Error{unavailable}` when it cannot be written.
void write(const std::filesystem::path& out, const std::shared_ptr<ov::Model>& model,
           const std::filesystem::path& checkpoint, const Manifest& manifest);

/// Reads the IR; its weights point into the mapped .bin. Throws `Error{not_found | bad_checkpoint}`.
Graph read(const std::filesystem::path& folder);

/// Makes each of the graph's weights a copy in memory, so that none lies in a file any more.
void read_into_memory(Graph& graph);

/// The ONNX file in `folder` (`model.onnx`, or `onnx/model.onnx` as the Hub has it), or an empty path.
std::filesystem::path onnx_file(const std::filesystem::path& folder);

/// Reads an ONNX file, with its external data beside it. Throws `Error{not_found | bad_checkpoint}`.
Graph read_onnx(const std::filesystem::path& file);

}  // namespace tastevin::model_folder
