#include "classify/runtime/specialize.h"

#include <optional>
#include <set>
#include <sstream>
#include <string>

#include <openvino/op/ops.hpp>
#include <openvino/openvino.hpp>

#include "base/anchors.h"

namespace tastevin::runtime {
namespace {

using Value = ov::Output<ov::Node>;

Value integer(std::int64_t value) { return ov::op::v0::Constant::create(ov::element::i64, {}, {value}); }

std::shared_ptr<ov::op::v0::Parameter> input(const char* name) {
  auto parameter = std::make_shared<ov::op::v0::Parameter>(ov::element::i64, ov::PartialShape{-1, -1});
  parameter->set_friendly_name(name);
  parameter->output(0).set_names({name});
  return parameter;
}

std::optional<Value> find(const ov::Model& model, const std::string& anchor) {
  for (const auto& node : model.get_ops()) {
    for (const Value& output : node->outputs()) {
      if (output.get_names().contains(anchor)) return output;
    }
  }
  return std::nullopt;
}

/// x[R,T,..] at first[R,C]: [R,C,..]
Value gather_first(const Value& x, const Value& first) {
  return std::make_shared<ov::op::v8::Gather>(x, first, integer(1), 1);
}

Value unsqueezed(const Value& x, std::int64_t axis) {
  return std::make_shared<ov::op::v0::Unsqueeze>(x, integer(axis));
}

/// 0 where query and key belong to the same text, very low elsewhere. Filler sees filler, so no row is without a key.
/// queries [R,Q], keys [R,T]: [R,1,Q,T]
Value mask_between(const Value& queries, const Value& keys) {
  const auto number = [](float value) { return ov::op::v0::Constant::create(ov::element::f32, {}, {value}); };
  const Value same = std::make_shared<ov::op::v1::Equal>(unsqueezed(queries, 2), unsqueezed(keys, 1));
  return unsqueezed(std::make_shared<ov::op::v1::Select>(same, number(0.0F), number(-1e9F)), 1);
}

/// 1 where a token stands, 0 for filler: [R,T]
Value is_token(const Value& segment) {
  const Value token = std::make_shared<ov::op::v1::Greater>(segment, integer(0));
  return std::make_shared<ov::op::v0::Convert>(token, ov::element::f32);
}

/// Which tokens of the row are those of each slot's text: [R,C,T]
Value own_tokens(const Value& segment, const Value& first) {
  const Value shape = std::make_shared<ov::op::v3::ShapeOf>(first, ov::element::i64);
  const Value slots = std::make_shared<ov::op::v8::Gather>(shape, integer(1), integer(0));
  const Value end = std::make_shared<ov::op::v1::Add>(slots, integer(1));
  const Value numbers = std::make_shared<ov::op::v4::Range>(integer(1), end, integer(1), ov::element::i64);
  return std::make_shared<ov::op::v1::Equal>(unsqueezed(numbers, 1), unsqueezed(segment, 1));
}

/// The share of each token in the mean of its slot's text; 0 for tokens of other slots: [R,C,T]
Value mean_weights(const Value& segment, const Value& first) {
  const Value ones = std::make_shared<ov::op::v0::Convert>(own_tokens(segment, first), ov::element::f32);
  const Value count = std::make_shared<ov::op::v1::ReduceSum>(ones, integer(2), true);
  const Value at_least_one =
      std::make_shared<ov::op::v1::Maximum>(count, ov::op::v0::Constant::create(ov::element::f32, {}, {1.0F}));
  return std::make_shared<ov::op::v1::Divide>(ones, at_least_one);
}

/// The greatest of `values` [R,T] (at least 0) among the tokens of each slot's text: [R,C]
Value greatest_own(const Value& values, const Value& segment, const Value& first) {
  const Value own = std::make_shared<ov::op::v1::Select>(own_tokens(segment, first), unsqueezed(values, 1), integer(0));
  return std::make_shared<ov::op::v1::ReduceMax>(own, integer(2), false);
}

/// Whether each anchor that the model lists stands on an output of its own. Programs that rewrite graphs merge what is
/// computed twice, and then one anchor's output is another's.
bool are_apart(const ov::Model& model) {
  std::istringstream listed(model.get_rt_info<std::string>("tastevin", "anchors"));
  std::set<Value> places;
  std::size_t count = 0;
  for (std::string name; listed >> name; ++count) {
    if (const auto place = find(model, name)) places.insert(*place);
  }
  return places.size() == count;
}

bool has_known_anchors(const ov::Model& model) {
  if (!model.has_rt_info("tastevin", "anchors_version") || !model.has_rt_info("tastevin", "anchors")) return false;
  if (!are_apart(model)) return false;
  const bool reads_a_token =
      find(model, anchors::kFirst) || find(model, anchors::kPoolWeights) || find(model, anchors::kLast);
  return model.get_rt_info<std::string>("tastevin", "anchors_version") == anchors::kVersion && reads_a_token;
}

/// Replaces anchors one by one; an anchor that the family does not have is nothing to replace.
class Rewriter {
 public:
  explicit Rewriter(ov::Model& model) : model_(model) {}

  template <class Make>
  bool replace(const char* anchor, Make&& make) {
    auto place = find(model_, anchor);
    if (!place) return false;
    place->replace(make(*place));
    return true;
  }

 private:
  ov::Model& model_;
};

}  // namespace

Form specialize(const std::shared_ptr<ov::Model>& model) {
  if (!has_known_anchors(*model)) return Form::padded;
  const auto segment = input("segment");
  const auto first = input("first");
  const auto positions = input("position_ids");

  Rewriter rewriter(*model);
  rewriter.replace(anchors::kMask, [&](const Value&) { return mask_between(segment, segment); });
  rewriter.replace(anchors::kMaskFirst,
                   [&](const Value&) { return mask_between(gather_first(segment, first), segment); });
  rewriter.replace(anchors::kFirst,
                   [&](const Value& slice) { return gather_first(slice.get_node()->input_value(0), first); });
  rewriter.replace(anchors::kQueryIndex, [&](const Value&) { return first->output(0); });
  rewriter.replace(anchors::kPoolWeights, [&](const Value&) { return mean_weights(segment, first); });
  rewriter.replace(anchors::kTokenMask, [&](const Value&) { return is_token(segment); });
  rewriter.replace(anchors::kLast, [&](const Value& greatest) {
    return greatest_own(greatest.get_node()->input_value(0), segment, first);
  });
  rewriter.replace(anchors::kPooled, [](const Value& squeeze) { return squeeze.get_node()->input_value(0); });
  const bool has_positions =
      rewriter.replace(anchors::kPositionIds, [&](const Value&) { return positions->output(0); });

  model->add_parameters({segment, first});
  if (has_positions) model->add_parameters({positions});
  model->remove_parameter(ov::as_type_ptr<ov::op::v0::Parameter>(model->input("attention_mask").get_node_shared_ptr()));
  model->validate_nodes_and_infer_types();
  return Form::packed;
}

}  // namespace tastevin::runtime
