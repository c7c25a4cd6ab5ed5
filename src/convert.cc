#include "tastevin/convert.h"

#include "base/files.h"
#include "open_model.h"
#include "prepare/checkpoint/tensor_store.h"
#include "prepare/graph/graph.h"

namespace tastevin {

ModelInfo convert(const std::filesystem::path& checkpoint, const std::filesystem::path& out,
                  const ConvertOptions& options) {
  const auto config = checkpoint::read_config(checkpoint);
  const auto tensors = checkpoint::TensorStore::open(checkpoint);
  // A folder that could not be classified with is not written.
  check_tokenizer(tokenizer::Tokenizer::load(checkpoint, config.vocab_size), config);
  const auto model = graph::build_graph(config, tensors, options.weights).model;

  model_folder::write(out, model, checkpoint,
                      {.family = config.model_type,
                       .source = name_of_folder(checkpoint),
                       .weights = std::string(name_of(options.weights))});
  return inspect(out);
}

}  // namespace tastevin
