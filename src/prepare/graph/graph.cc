#include "prepare/graph/graph.h"

#include <algorithm>

#include <openvino/openvino.hpp>

#include "base/error.h"
#include "prepare/graph/registry.h"

namespace tastevin::graph {
namespace {

const Family& family_of(const checkpoint::ModelConfig& config) {
  const auto found = std::ranges::find(registry(), config.model_type, &Family::model_type);
  if (found == registry().end()) {
    std::string known;
    for (const Family& family : registry()) known += (known.empty() ? "" : ", ") + std::string(family.model_type);
    throw Error(ErrorCode::unsupported_model,
                config.where + ": model_type " + in_quotes(config.model_type) + " is not built here, expected " +
                    known + "; `python -m tastevin.export MODEL OUT` converts some other families (docs/python.md)");
  }
  return *found;
}

/// The family decides how the graph is built, as in transformers, and the head must be one over the whole text. A class
/// of the user's own may stand there by another name; what it has besides is refused as a tensor that nobody reads.
void check_architecture(const checkpoint::ModelConfig& config, const Family& family) {
  const auto classifies = [](const std::string& name) { return name.ends_with("SequenceClassification"); };
  if (config.architectures.empty() || std::ranges::any_of(config.architectures, classifies)) return;
  throw Error(ErrorCode::unsupported_model, config.where + ": architecture " + in_quotes(config.architectures.front()) +
                                                " is no text classifier; expected " + std::string(family.architecture));
}

}  // namespace

Built build_graph(const checkpoint::ModelConfig& config, const checkpoint::TensorStore& tensors, WeightFormat format) {
  const Family& family = family_of(config);
  check_architecture(config, family);
  Weights weights(tensors, family.base, format);
  try {
    auto model = family.build(config, weights);
    return {std::move(model), weights.finish(family.ignored)};
  } catch (const ov::Exception& error) {
    throw Error(ErrorCode::internal, config.where + ": the graph could not be built: " + in_quotes(error.what(), 300));
  }
}

std::vector<std::string_view> families() {
  std::vector<std::string_view> names;
  for (const Family& family : registry()) names.push_back(family.model_type);
  return names;
}

}  // namespace tastevin::graph
