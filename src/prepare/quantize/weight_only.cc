#include "prepare/quantize/weight_only.h"

#include <map>

#include "prepare/quantize/int8.h"
#include "prepare/quantize/sites.h"

namespace tastevin::int8 {

void quantize_weights(const std::shared_ptr<ov::Model>& model, const std::set<std::string>& kept) {
  std::map<Value, Value> done;  // layers may share weights
  for (const Site& site : sites_of(*model)) {
    if (kept.contains(site.name)) continue;
    for (const Product& product : site.products) {
      Value& weights = done[product.weights];
      if (weights.get_node() == nullptr) weights = as_int8(weights_of(product), product.name);
      replace_weights(product, weights);
    }
  }
  model->validate_nodes_and_infer_types();
}

void quantize_words(const std::shared_ptr<ov::Model>& model) {
  for (const auto& lookup : word_lookups(*model)) quantize_lookup(lookup);
  model->validate_nodes_and_infer_types();
}

}  // namespace tastevin::int8
