#include "prepare/graph/tensor_name.h"

namespace tastevin::graph {
namespace {

/// torch.compile puts its mark before the part that it wraps, which need not be the whole model.
std::string without(std::string name, std::string_view mark) {
  auto at = name.find(mark);
  while (at != std::string::npos) {
    const bool begins_a_step = at == 0 || name[at - 1] == '.';
    if (begins_a_step) name.erase(at, mark.size());
    at = name.find(mark, begins_a_step ? at : at + 1);
  }
  return name;
}

}  // namespace

std::string canonical_name(std::string_view name) {
  std::string result = without(std::string(name), "_orig_mod.");
  while (result.starts_with("module.")) result.erase(0, 7);
  const std::string_view whole = result;
  if (whole.ends_with("LayerNorm.gamma")) return result.substr(0, result.size() - 5) + "weight";
  if (whole.ends_with("LayerNorm.beta")) return result.substr(0, result.size() - 4) + "bias";
  return result;
}

}  // namespace tastevin::graph
