#include "open_model.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/error.h"
#include "prepare/checkpoint/tensor_store.h"
#include "prepare/graph/graph.h"

namespace tastevin {
namespace {

namespace fs = std::filesystem;

void check_folder(const fs::path& folder) {
  if (fs::is_directory(folder)) return;
  const char* found = fs::exists(folder) ? ": expected a folder, found a file" : ": no such folder";
  throw Error(ErrorCode::not_found, "model " + in_quotes(folder.string(), 200) + found);
}

model_folder::Graph build_from_checkpoint(const fs::path& folder, const checkpoint::ModelConfig& config) {
  const auto tensors = checkpoint::TensorStore::open(folder);
  model_folder::Graph graph;
  std::set<std::shared_ptr<const MappedFile>> files;
  for (const auto& [name, tensor] : tensors.all()) {
    files.insert(tensor.owner);
    graph.weights[std::string(checkpoint::name_of(tensor.dtype))] += tensor.bytes / checkpoint::size_of(tensor.dtype);
    graph.weight_bytes += tensor.bytes;
  }
  graph.files.assign(files.begin(), files.end());
  graph.model = graph::build_graph(config, tensors, WeightFormat::keep);
  return graph;
}

bool has_weights(const fs::path& folder) {
  constexpr std::array kNames{"model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
                              "pytorch_model.bin.index.json"};
  return std::ranges::any_of(kNames, [&folder](const char* name) { return fs::exists(folder / name); });
}

/// The forms in which a folder may hold a model, in the order in which they are taken.
enum class Form { model_folder, ir, checkpoint, onnx };

Form form_of(const fs::path& folder) {
  if (model_folder::is_model_folder(folder))
    return fs::exists(folder / "tastevin.json") ? Form::model_folder : Form::ir;
  return !has_weights(folder) && !model_folder::onnx_file(folder).empty() ? Form::onnx : Form::checkpoint;
}

const char* name_of(Form form) {
  switch (form) {
    case Form::model_folder:
      return "model folder";
    case Form::ir:
      return "OpenVINO IR";
    case Form::onnx:
      return "ONNX";
    case Form::checkpoint:
      break;
  }
  return "checkpoint";
}

model_folder::Graph graph_of(const fs::path& folder, const checkpoint::ModelConfig& config) {
  switch (form_of(folder)) {
    case Form::model_folder:
    case Form::ir:
      return model_folder::read(folder);
    case Form::onnx:
      return model_folder::read_onnx(model_folder::onnx_file(folder));
    case Form::checkpoint:
      break;
  }
  return build_from_checkpoint(folder, config);
}

/// The smaller of the model's and the tokenizer's limit.
std::size_t max_length_of(const tokenizer::Tokenizer& tokenizer, const checkpoint::ModelConfig& config) {
  const std::size_t model = checkpoint::longest_text(config);
  const std::size_t text = tokenizer.model_max_length().value_or(model);
  return model == 0 ? text : std::min(model, text);
}

ModelInfo info_of(const fs::path& folder, const checkpoint::ModelConfig& config, const tokenizer::Tokenizer& tokenizer,
                  const model_folder::Graph& graph) {
  ModelInfo info{.folder = folder,
                 .form = name_of(form_of(folder)),
                 .family = config.model_type,
                 .weights = {},
                 .task = config.problem_type.value_or(Task::single_label),
                 .labels = config.labels,
                 .layers = config.layers,
                 .hidden_size = config.hidden_size,
                 .heads = config.heads,
                 .vocabulary = config.vocab_size,
                 .max_length = max_length_of(tokenizer, config),
                 .parameters = 0,
                 .weight_bytes = graph.weight_bytes};
  for (const auto& [type, count] : graph.weights) {
    info.weights += (info.weights.empty() ? "" : ", ") + type;
    info.parameters += count;
  }
  return info;
}

}  // namespace

void check_tokenizer(const tokenizer::Tokenizer& tokenizer, const checkpoint::ModelConfig& config) {
  if (tokenizer.vocabulary_size() <= config.vocab_size) return;
  throw Error(ErrorCode::bad_checkpoint,
              config.where + ": the embedding table has " + std::to_string(config.vocab_size) +
                  " rows, the tokenizer gives ids up to " + std::to_string(tokenizer.vocabulary_size() - 1));
}

ModelParts open_model(const fs::path& folder) {
  check_folder(folder);
  auto config = checkpoint::read_config(folder);
  auto tokenizer = tokenizer::Tokenizer::load(folder);
  check_tokenizer(tokenizer, config);
  auto graph = graph_of(folder, config);
  if (const std::size_t outputs = model_folder::outputs_of(*graph.model); outputs > 0) {
    config.labels = checkpoint::labels_of_head(config, outputs);
  }
  auto info = info_of(folder, config, tokenizer, graph);
  return {std::move(config), std::move(tokenizer), std::move(graph), std::move(info)};
}

ModelInfo inspect(const fs::path& model) { return open_model(model).info; }

}  // namespace tastevin
