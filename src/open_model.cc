#include "open_model.h"

#include <algorithm>
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

ModelInfo info_of(const fs::path& folder, const checkpoint::ModelConfig& config, const tokenizer::Tokenizer& tokenizer,
                  const model_folder::Graph& graph) {
  ModelInfo info{
      .folder = folder,
      .form = model_folder::is_model_folder(folder) ? "model folder" : "checkpoint",
      .family = config.model_type,
      .weights = {},
      .task = config.problem_type.value_or(Task::single_label),
      .labels = config.labels,
      .layers = config.layers,
      .hidden_size = config.hidden_size,
      .heads = config.heads,
      .vocabulary = config.vocab_size,
      .max_length = std::min(config.max_positions, tokenizer.model_max_length().value_or(config.max_positions)),
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
  auto graph =
      model_folder::is_model_folder(folder) ? model_folder::read(folder) : build_from_checkpoint(folder, config);
  auto info = info_of(folder, config, tokenizer, graph);
  return {std::move(config), std::move(tokenizer), std::move(graph), std::move(info)};
}

ModelInfo inspect(const fs::path& model) { return open_model(model).info; }

}  // namespace tastevin
