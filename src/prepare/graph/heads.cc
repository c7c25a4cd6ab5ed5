#include "prepare/graph/heads.h"

#include "prepare/graph/activation.h"

namespace tastevin::graph {

Value label_scores(const Value& x, const Scope& scope, const checkpoint::ModelConfig& config) {
  return linear(x, scope, checkpoint::labels_of_head(config, scope.rows("weight")).size());
}

Value dense_head(const Value& x, const Scope& scope, const checkpoint::ModelConfig& config, const char* activation) {
  return label_scores(activate(linear(x, scope.at("dense"), width_of(x)), activation), scope.at("out_proj"), config);
}

}  // namespace tastevin::graph
