#include "prepare/graph/attention.h"

#include <openvino/op/ops.hpp>

namespace tastevin::graph {

Value attend(const Attention& attention, const Scope& scope, const Projections& names) {
  const Value mixed = mix(project_heads(attention, scope, names), attention.mask);
  return linear(mixed, scope.at(names.output), width_of(mixed));
}

Heads project_heads(const Attention& attention, const Scope& scope, const Projections& names) {
  const auto heads_of = [&](const Value& x, const char* projection) {
    return split_heads(linear(x, scope.at(projection), width_of(x)), attention.heads);
  };
  return {heads_of(attention.queries, names.query), heads_of(attention.context, names.key),
          heads_of(attention.context, names.value)};
}

Value split_heads(const Value& x, std::size_t heads) {
  const auto count = static_cast<std::int64_t>(heads);
  const auto width = static_cast<std::int64_t>(width_of(x) / heads);
  const Value split = std::make_shared<ov::op::v1::Reshape>(x, integers({0, 0, count, width}), true);
  return std::make_shared<ov::op::v1::Transpose>(split, integers({0, 2, 1, 3}));
}

Value mix(const Heads& heads, const Value& mask, Scale scale) {
  using Attend = ov::op::v13::ScaledDotProductAttention;
  const auto& [query, key, value] = heads;
  const Value mixed = scale == Scale::by_width ? std::make_shared<Attend>(query, key, value, mask, false)
                                               : std::make_shared<Attend>(query, key, value, mask, scalar(1.0F), false);
  const Value rows = std::make_shared<ov::op::v1::Transpose>(mixed, integers({0, 2, 1, 3}));
  const auto count = query.get_partial_shape()[1].get_length();
  const auto hidden = count * static_cast<std::int64_t>(width_of(mixed));
  return std::make_shared<ov::op::v1::Reshape>(rows, integers({0, 0, hidden}), true);
}

}  // namespace tastevin::graph
