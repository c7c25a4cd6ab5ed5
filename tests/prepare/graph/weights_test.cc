#include "prepare/graph/weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <openvino/op/ops.hpp>
#include <openvino/openvino.hpp>

#include "support/checkpoint.h"
#include "support/fails_with.h"

namespace tastevin::graph {
namespace {

using checkpoint::DType;

std::shared_ptr<ov::op::v0::Constant> constant_behind(const Value& value) {
  const auto node = value.get_node_shared_ptr();
  const auto direct = ov::as_type_ptr<ov::op::v0::Constant>(node);
  return direct ? direct : ov::as_type_ptr<ov::op::v0::Constant>(node->get_input_node_shared_ptr(0));
}

class WeightsTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
};

TEST_F(WeightsTest, PointIntoTheMappedFile) {
  const auto tensors = CheckpointBuilder().add("w", {2, 3}).build(folder_);

  Weights weights(tensors, "distilbert", WeightFormat::keep);
  const Value value = weights.root().tensor("w", {2, 3});

  EXPECT_EQ(constant_behind(value)->get_data_ptr(), tensors.find("w")->data);
}

TEST_F(WeightsTest, KeepTheMappingAliveAfterTheStoreIsGone) {
  auto tensors = std::make_unique<checkpoint::TensorStore>(CheckpointBuilder().add("w", {1}).build(folder_));
  const float expected = *reinterpret_cast<const float*>(tensors->find("w")->data);
  const std::weak_ptr<const MappedFile> file = tensors->find("w")->owner;
  const auto constant = constant_behind(Weights(*tensors, "distilbert", WeightFormat::keep).root().tensor("w", {1}));

  tensors.reset();

  EXPECT_FALSE(file.expired());
  EXPECT_EQ(constant->cast_vector<float>().front(), expected);
}

TEST_F(WeightsTest, ReadHalfTensorsAsCompressedConstants) {
  const ov::float16 half(1.5F);
  const auto tensors =
      CheckpointBuilder().add_bytes("w", {1}, DType::f16, {reinterpret_cast<const char*>(&half), 2}).build(folder_);

  const Value value = Weights(tensors, "distilbert", WeightFormat::keep).root().tensor("w", {1});

  EXPECT_EQ(value.get_element_type(), ov::element::f32);
  EXPECT_EQ(constant_behind(value)->get_element_type(), ov::element::f16);
}

TEST_F(WeightsTest, WidenHalfTensorsWhenAskedForFloats) {
  const ov::float16 half(1.5F);
  const auto tensors =
      CheckpointBuilder().add_bytes("w", {1}, DType::f16, {reinterpret_cast<const char*>(&half), 2}).build(folder_);

  const Value value = Weights(tensors, "distilbert", WeightFormat::f32).root().tensor("w", {1});

  EXPECT_EQ(constant_behind(value)->cast_vector<float>(), std::vector<float>{1.5F});
  EXPECT_EQ(constant_behind(value)->get_element_type(), ov::element::f32);
}

TEST_F(WeightsTest, RefuseAValueThatHalfPrecisionCannotHold) {
  const float large = 70000;
  const auto tensors =
      CheckpointBuilder().add_bytes("w", {1}, DType::f32, {reinterpret_cast<const char*>(&large), 4}).build(folder_);
  Weights weights(tensors, "distilbert", WeightFormat::f16);

  EXPECT_THAT([&] { weights.root().tensor("w", {1}); }, fails_with(ErrorCode::invalid_argument, "65504"));
}

TEST_F(WeightsTest, ReadDoublesAsFloats) {
  const double value = 0.25;
  const auto tensors =
      CheckpointBuilder().add_bytes("w", {1}, DType::f64, {reinterpret_cast<const char*>(&value), 8}).build(folder_);

  const Value read = Weights(tensors, "distilbert", WeightFormat::keep).root().tensor("w", {1});

  EXPECT_EQ(constant_behind(read)->cast_vector<float>(), std::vector<float>{0.25F});
}

TEST_F(WeightsTest, NameAMissingTensor) {
  const auto tensors = CheckpointBuilder().add("w", {1}).build(folder_);
  Weights weights(tensors, "distilbert", WeightFormat::keep);

  EXPECT_THAT([&] { weights.root().at("classifier").tensor("weight", {2, 3}); },
              fails_with(ErrorCode::bad_checkpoint, "classifier.weight"));
}

TEST_F(WeightsTest, NameATensorWithoutRows) {
  const auto tensors = CheckpointBuilder().add("w", {}).build(folder_);
  Weights weights(tensors, "distilbert", WeightFormat::keep);

  EXPECT_THAT([&] { weights.root().rows("w"); }, fails_with(ErrorCode::bad_checkpoint, "found a single number"));
  EXPECT_THAT([&] { weights.root().rows("v"); }, fails_with(ErrorCode::bad_checkpoint, "missing"));
}

TEST_F(WeightsTest, NameBothShapesWhenTheyDiffer) {
  const auto tensors = CheckpointBuilder().add("w", {2, 3}).build(folder_);
  Weights weights(tensors, "distilbert", WeightFormat::keep);

  EXPECT_THAT([&] { weights.root().tensor("w", {3, 2}); },
              fails_with(ErrorCode::bad_checkpoint, "expected shape [3, 2], found [2, 3]"));
}

TEST_F(WeightsTest, RefuseIntegersWhereWeightsAreDue) {
  const auto tensors = CheckpointBuilder().add_bytes("w", {1}, DType::i64, std::string(8, '\0')).build(folder_);
  Weights weights(tensors, "distilbert", WeightFormat::keep);

  EXPECT_THAT([&] { weights.root().tensor("w", {1}); }, fails_with(ErrorCode::unsupported_model, "i64"));
}

TEST_F(WeightsTest, RefuseToFinishWithATensorLeftOver) {
  const auto tensors = CheckpointBuilder().add("w", {1}).add("extra.weight", {1}).build(folder_);
  Weights weights(tensors, "distilbert", WeightFormat::keep);
  weights.root().tensor("w", {1});

  EXPECT_THAT([&] { weights.finish({}); }, fails_with(ErrorCode::bad_checkpoint, "extra.weight"));
}

TEST_F(WeightsTest, FinishWhenTheLeftOverIsIgnoredByTheFamily) {
  const auto tensors = CheckpointBuilder().add("w", {1}).add("vocab_projector.bias", {1}).build(folder_);
  Weights weights(tensors, "distilbert", WeightFormat::keep);
  weights.root().tensor("w", {1});

  EXPECT_NO_THROW(weights.finish(std::vector<std::string_view>{"vocab_projector."}));
}

TEST_F(WeightsTest, FindNamesWithAndWithoutTheBasePrefix) {
  const auto with = CheckpointBuilder().add("distilbert.embeddings.w", {1}).build(folder_);
  const TemporaryFolder other;
  const auto without = CheckpointBuilder().add("embeddings.w", {1}).build(other);

  EXPECT_TRUE(Weights(with, "distilbert", WeightFormat::keep).body().at("embeddings").has("w"));
  EXPECT_TRUE(Weights(without, "distilbert", WeightFormat::keep).body().at("embeddings").has("w"));
}

}  // namespace
}  // namespace tastevin::graph
