#include "classify/runtime/specialize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <span>

#include <openvino/op/ops.hpp>
#include <openvino/openvino.hpp>

#include "base/anchors.h"

namespace tastevin::runtime {
namespace {

using Value = ov::Output<ov::Node>;

Value number(float value) { return ov::op::v0::Constant::create(ov::element::f32, {}, {value}); }
Value axis(std::int64_t value) { return ov::op::v0::Constant::create(ov::element::i64, {1}, {value}); }

Value named(const Value& value, const char* name) {
  value.get_tensor().set_names({name});
  return value;
}

/// A toy classifier of the standard interface, built by hand: each token is its id; attention with equal scores
/// averages the ids of the unmasked tokens; the head reads the first token. logits[b] = mean of the text's ids.
std::shared_ptr<ov::Model> averaging_model() {
  const auto input = [](const char* name) {
    auto parameter = std::make_shared<ov::op::v0::Parameter>(ov::element::i64, ov::PartialShape{-1, -1});
    parameter->output(0).set_names({name});
    return parameter;
  };
  const auto ids = input("input_ids");
  const auto attention_mask = input("attention_mask");
  const auto floats = [](const Value& x) { return std::make_shared<ov::op::v0::Convert>(x, ov::element::f32); };

  const Value tokens = std::make_shared<ov::op::v0::Unsqueeze>(floats(ids), axis(2));  // [B,T,1]
  const Value filler = std::make_shared<ov::op::v1::Subtract>(number(1), floats(attention_mask));
  const Value filler4 =
      std::make_shared<ov::op::v0::Unsqueeze>(filler, ov::op::v0::Constant::create(ov::element::i64, {2}, {1, 2}));
  const Value mask_first = named(std::make_shared<ov::op::v1::Multiply>(filler4, number(-1e9F)), anchors::kMaskFirst);
  const Value first =
      named(std::make_shared<ov::op::v8::Slice>(tokens, axis(0), axis(1), axis(1), axis(1)), anchors::kFirst);

  const Value zero_scores = std::make_shared<ov::op::v1::Multiply>(first, number(0));  // [B,1,1]
  const Value scores =
      std::make_shared<ov::op::v1::Add>(std::make_shared<ov::op::v0::Unsqueeze>(zero_scores, axis(1)), mask_first);
  const Value weights = std::make_shared<ov::op::v8::Softmax>(scores, 3);         // [B,1,1,T]
  const Value values = std::make_shared<ov::op::v0::Unsqueeze>(tokens, axis(1));  // [B,1,T,1]
  const Value mean = std::make_shared<ov::op::v0::MatMul>(weights, values);       // [B,1,1,1]
  const Value per_text = std::make_shared<ov::op::v0::Squeeze>(mean, axis(1));    // [B,1,1]
  const Value pooled = named(std::make_shared<ov::op::v0::Squeeze>(per_text, axis(1)), anchors::kPooled);
  const auto result = std::make_shared<ov::op::v0::Result>(pooled);
  result->output(0).set_names({"logits"});
  auto model = std::make_shared<ov::Model>(ov::ResultVector{result}, ov::ParameterVector{ids, attention_mask});
  model->set_rt_info(std::string(anchors::kVersion), "tastevin", "anchors_version");
  model->set_rt_info(std::string("tv.mask_first tv.first tv.pooled"), "tastevin", "anchors");
  return model;
}

TEST(Specialize, GivesEachTextOfARowTheAnswerThatItGetsAlone) {
  const auto model = averaging_model();
  ASSERT_EQ(specialize(model), Form::packed);
  auto request =
      ov::Core().compile_model(model, "CPU", ov::hint::inference_precision(ov::element::f32)).create_infer_request();
  std::vector<std::int64_t> ids{10, 20, 30, 100, 200, 7};
  std::vector<std::int64_t> segment{1, 1, 1, 2, 2, 0};
  std::vector<std::int64_t> first{0, 3};

  request.set_tensor("input_ids", ov::Tensor(ov::element::i64, {1, 6}, ids.data()));
  request.set_tensor("segment", ov::Tensor(ov::element::i64, {1, 6}, segment.data()));
  request.set_tensor("first", ov::Tensor(ov::element::i64, {1, 2}, first.data()));
  request.infer();

  const auto logits = request.get_output_tensor();
  EXPECT_EQ(logits.get_shape(), (ov::Shape{1, 2, 1}));
  EXPECT_THAT(std::span(logits.data<const float>(), 2),
              ::testing::ElementsAre(::testing::FloatEq(20), ::testing::FloatEq(150)));
}

TEST(Specialize, FeedsOnlyWhatTheGraphWants) {
  const auto model = averaging_model();
  specialize(model);

  std::vector<std::string> inputs;
  for (const auto& input : model->inputs()) inputs.push_back(input.get_any_name());
  EXPECT_THAT(inputs, ::testing::UnorderedElementsAre("input_ids", "segment", "first"));
}

TEST(Specialize, LeavesAGraphWithoutAnchorsAlone) {
  const auto model = averaging_model();
  model->get_rt_info().erase("tastevin");

  EXPECT_EQ(specialize(model), Form::padded);
  EXPECT_EQ(model->inputs().size(), 2U);
}

// Another program had merged two masks into one: packed, texts read each other, and labels were wrong.
TEST(Specialize, LeavesAGraphWhoseAnchorsWereMergedAlone) {
  const auto model = averaging_model();
  model->set_rt_info(std::string("tv.mask tv.mask_first tv.first tv.pooled"), "tastevin", "anchors");
  for (const auto& node : model->get_ops()) {
    if (node->output(0).get_names().contains(anchors::kMaskFirst)) node->output(0).add_names({anchors::kMask});
  }

  EXPECT_EQ(specialize(model), Form::padded);
}

TEST(Specialize, LeavesAGraphThatLacksAnAnchorAlone) {
  const auto model = averaging_model();
  model->set_rt_info(std::string("tv.mask_first tv.first tv.pooled tv.query_index"), "tastevin", "anchors");

  EXPECT_EQ(specialize(model), Form::padded);
}

TEST(Specialize, LeavesAnchorsOfAnotherVersionAlone) {
  const auto model = averaging_model();
  model->set_rt_info(std::string("99"), "tastevin", "anchors_version");

  EXPECT_EQ(specialize(model), Form::padded);
}

}  // namespace
}  // namespace tastevin::runtime
