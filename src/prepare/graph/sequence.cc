#include "prepare/graph/sequence.h"

#include <algorithm>

#include <openvino/op/ops.hpp>

#include "base/anchors.h"

namespace tastevin::graph {
namespace {

std::shared_ptr<ov::op::v0::Parameter> input(const char* name) {
  auto parameter = std::make_shared<ov::op::v0::Parameter>(ov::element::i64, ov::PartialShape{-1, -1});
  parameter->set_friendly_name(name);
  parameter->output(0).set_names({name});
  return parameter;
}

/// 0, 1, 2, .. along the second axis of `ids`: [1, T]
Value counted(const Value& ids) {
  const Value zero = scalar(std::int64_t{0});
  const Value length = size_along(ids, 1);
  const Value range = std::make_shared<ov::op::v4::Range>(zero, length, scalar(std::int64_t{1}), ov::element::i64);
  return std::make_shared<ov::op::v0::Unsqueeze>(range, zero);
}

/// [B, T] of 1 and 0 -> [B, 1, 1, T] of 1 for filler and 0 for tokens
Value filler_of(const Value& token_mask) { return unsqueeze(subtract(scalar(1.0F), token_mask), {1, 2}); }

/// The anchors that the finished model has, separated by blanks.
std::string anchors_of(const ov::Model& model) {
  std::string present;
  const auto nodes = model.get_ordered_ops();
  for (const char* name : anchors::kAll) {
    const auto named = [name](const auto& node) { return node->get_friendly_name() == name; };
    if (!std::ranges::any_of(nodes, named)) continue;
    if (!present.empty()) present += ' ';
    present += name;
  }
  return present;
}

}  // namespace

Sequence::Sequence()
    : ids_parameter_(input("input_ids")),
      mask_parameter_(input("attention_mask")),
      types_parameter_(input("token_type_ids")) {
  input_ids_ = ids_parameter_->output(0);
  position_ids_ = anchored(counted(input_ids_), anchors::kPositionIds);
  const Value tokens = as_floats(mask_parameter_->output(0));
  token_mask_ = anchored(as_floats(mask_parameter_->output(0)), anchors::kTokenMask);
  const Value filler = filler_of(tokens);
  mask_ = anchored(multiply(filler, scalar(kUnseen)), anchors::kMask);
  mask_first_ = anchored(multiply(filler, scalar(kUnseen)), anchors::kMaskFirst);
  row_index_ = counted(input_ids_);
  query_index_ = anchored(ov::op::v0::Constant::create(ov::element::i64, ov::Shape{1, 1}, {0}), anchors::kQueryIndex);
}

Value Sequence::token_type_ids() const { return types_parameter_->output(0); }

Value Sequence::pool_weights() const {
  const Value mask = as_floats(mask_parameter_->output(0));
  const Value count = std::make_shared<ov::op::v1::ReduceSum>(mask, integers({1}), true);
  const Value at_least_one = std::make_shared<ov::op::v1::Maximum>(count, scalar(1.0F));  // of a row of filler
  const Value share = std::make_shared<ov::op::v1::Divide>(mask, at_least_one);
  return anchored(unsqueeze(share, {1}), anchors::kPoolWeights);
}

Value Sequence::last_where(const Value& holds) const {
  const Value places = multiply(as_integers(holds), row_index_);
  return anchored(std::make_shared<ov::op::v1::ReduceMax>(places, integers({1}), true), anchors::kLast);
}

Value Sequence::first_token(const Value& x) const {
  const Value slice =
      std::make_shared<ov::op::v8::Slice>(x, integers({0}), integers({1}), integers({1}), integers({1}));
  return anchored(slice, anchors::kFirst);
}

Value Sequence::pooled(const Value& first) const {
  return anchored(std::make_shared<ov::op::v0::Squeeze>(first, integers({1})), anchors::kPooled);
}

std::shared_ptr<ov::Model> Sequence::finish(const Value& logits, const std::string& family) const {
  const auto result = std::make_shared<ov::op::v0::Result>(logits);
  result->output(0).set_names({"logits"});
  ov::ParameterVector inputs;
  for (const auto& node : {ids_parameter_, mask_parameter_, types_parameter_}) {
    if (!node->output(0).get_target_inputs().empty()) inputs.push_back(ov::as_type_ptr<ov::op::v0::Parameter>(node));
  }
  auto model = std::make_shared<ov::Model>(ov::ResultVector{result}, inputs, "tastevin_" + family);
  model->set_rt_info(family, "tastevin", "family");
  if (const std::string present = anchors_of(*model); !present.empty()) {
    model->set_rt_info(present, "tastevin", "anchors");
    model->set_rt_info(std::string(anchors::kVersion), "tastevin", "anchors_version");
  }
  return model;
}

}  // namespace tastevin::graph
