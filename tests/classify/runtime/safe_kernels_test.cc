#include "classify/runtime/safe_kernels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <openvino/op/ops.hpp>
#include <openvino/openvino.hpp>

#include "classify/runtime/device.h"

namespace tastevin::runtime {
namespace {

constexpr std::size_t kWidth = 128;

std::shared_ptr<ov::op::v0::Constant> weights(const ov::Shape& shape, float step) {
  std::vector<float> values(ov::shape_size(shape));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = step * static_cast<float>(i % 17) - 0.05F;
  return std::make_shared<ov::op::v0::Constant>(ov::element::f32, shape, values);
}

/// The feed-forward block of an encoder: gelu(x W + b) V + x, for x of `rank` dimensions.
std::shared_ptr<ov::Model> feed_forward(std::size_t rank) {
  std::vector<ov::Dimension> sizes(rank, ov::Dimension::dynamic());
  sizes.back() = kWidth;
  const ov::PartialShape shape(sizes);
  const auto x = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, shape);
  const auto wide = std::make_shared<ov::op::v0::MatMul>(x, weights({4 * kWidth, kWidth}, 0.005F), false, true);
  const auto shifted = std::make_shared<ov::op::v1::Add>(wide, weights({4 * kWidth}, 0.01F));
  const auto active = std::make_shared<ov::op::v7::Gelu>(shifted);
  const auto back = std::make_shared<ov::op::v0::MatMul>(active, weights({kWidth, 4 * kWidth}, 0.004F), false, true);
  const auto sum = std::make_shared<ov::op::v1::Add>(back, x);
  return std::make_shared<ov::Model>(ov::OutputVector{sum}, ov::ParameterVector{x});
}

struct Outcome {
  ov::Shape shape;
  std::vector<float> values;
  std::vector<std::string> kernels;
};

Outcome run(const std::shared_ptr<ov::Model>& model, const ov::Shape& shape) {
  ov::CompiledModel compiled = core().compile_model(
      model, "CPU", ov::AnyMap{ov::hint::inference_precision(ov::element::f32), ov::num_streams(ov::streams::Num(1))});
  std::vector<float> input(ov::shape_size(shape));
  for (std::size_t i = 0; i < input.size(); ++i) input[i] = static_cast<float>(i % 23) * 0.02F - 0.2F;
  ov::InferRequest request = compiled.create_infer_request();
  request.set_input_tensor({ov::element::f32, shape, input.data()});
  request.infer();
  const ov::Tensor output = request.get_output_tensor();
  Outcome result{output.get_shape(), {output.data<float>(), output.data<float>() + output.get_size()}, {}};
  for (const auto& node : compiled.get_runtime_model()->get_ops()) {
    result.kernels.push_back(node->get_rt_info().at("primitiveType").as<std::string>());
  }
  return result;
}

class AvoidConvolutions : public ::testing::TestWithParam<std::size_t> {
 protected:
  ov::Shape shape() const { return GetParam() == 2 ? ov::Shape{40, kWidth} : ov::Shape{3, 40, kWidth}; }
};

TEST_P(AvoidConvolutions, KeepsTheOutputsShapeAndValues) {
  const auto safe = feed_forward(GetParam());
  avoid_convolutions(safe);

  const Outcome before = run(feed_forward(GetParam()), shape());
  const Outcome after = run(safe, shape());

  EXPECT_EQ(after.shape, before.shape);
  ASSERT_EQ(after.values.size(), before.values.size());
  for (std::size_t i = 0; i < after.values.size(); ++i) ASSERT_NEAR(after.values[i], before.values[i], 1e-4F) << i;
}

TEST_P(AvoidConvolutions, LeavesNoMatMulToTheConvolutionThatIsPreparedWithoutALock) {
  // Two streams that prepared it at once answered wrongly from then on.
  const auto is_convolution = ::testing::Contains(::testing::HasSubstr("brgconv"));
  const auto safe = feed_forward(GetParam());
  avoid_convolutions(safe);

  EXPECT_THAT(run(safe, shape()).kernels, ::testing::Not(is_convolution));
  if (::testing::Matches(::testing::Not(is_convolution))(run(feed_forward(GetParam()), shape()).kernels)) {
    GTEST_SKIP() << "this CPU has no such convolution";
  }
}

INSTANTIATE_TEST_SUITE_P(OfRank, AvoidConvolutions, ::testing::Values(2, 3), ::testing::PrintToStringParamName());

TEST(AvoidConvolutionsOnce, WidensAndNarrowsAroundWhatThePluginFuses) {
  const auto model = feed_forward(3);

  avoid_convolutions(model);

  std::size_t widened = 0;
  for (const auto& node : model->get_ops()) widened += ov::is_type<ov::op::v0::Unsqueeze>(node) ? 1U : 0U;
  EXPECT_EQ(widened, 2U);
  EXPECT_EQ(model->output(0).get_partial_shape().size(), 3U);
}

}  // namespace
}  // namespace tastevin::runtime
