#include "prepare/graph/activation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <openvino/op/ops.hpp>
#include <openvino/openvino.hpp>

#include "support/fails_with.h"

namespace tastevin::graph {
namespace {

constexpr float kTolerance = 5e-7F;  // single precision around 1, with the plugin's own polynomial of erf

std::vector<float> activated(const std::string& name, std::vector<float> values) {
  const auto x = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::PartialShape{-1});
  const auto model = std::make_shared<ov::Model>(ov::OutputVector{activate(x, name)}, ov::ParameterVector{x});
  auto request =
      ov::Core().compile_model(model, "CPU", ov::hint::inference_precision(ov::element::f32)).create_infer_request();
  request.set_input_tensor(ov::Tensor(ov::element::f32, {values.size()}, values.data()));
  request.infer();
  const auto* out = request.get_output_tensor().data<const float>();
  return {out, out + values.size()};
}

TEST(Activate, GeluIsTheExactErfForm) {
  // Others compute it by the tanh form: 0.8411920 and -0.0088876.
  EXPECT_THAT(activated("gelu", {1.0F, -2.7F}),
              ::testing::Pointwise(::testing::FloatNear(kTolerance), {0.8413447F, -0.0093608F}));
}

TEST(Activate, GeluNewIsTheTanhForm) {
  const auto expected = {0.8411920F, -0.0088876F};
  EXPECT_THAT(activated("gelu_new", {1.0F, -2.7F}), ::testing::Pointwise(::testing::FloatNear(kTolerance), expected));
  EXPECT_THAT(activated("gelu_pytorch_tanh", {1.0F, -2.7F}),
              ::testing::Pointwise(::testing::FloatNear(kTolerance), expected));
}

TEST(Activate, ReluCutsNegatives) { EXPECT_THAT(activated("relu", {-1.0F, 2.0F}), ::testing::ElementsAre(0.0F, 2.0F)); }

TEST(Activate, SiluAndQuickGeluAreGatedBySigmoids) {
  EXPECT_THAT(activated("silu", {1.0F}), ::testing::ElementsAre(::testing::FloatNear(0.7310586F, kTolerance)));
  EXPECT_THAT(activated("quick_gelu", {1.0F}), ::testing::ElementsAre(::testing::FloatNear(0.8457958F, kTolerance)));
}

TEST(Activate, TanhIsItself) {
  EXPECT_THAT(activated("tanh", {1.0F}), ::testing::ElementsAre(::testing::FloatNear(0.7615942F, kTolerance)));
}

TEST(Activate, RefusesAnUnknownName) {
  EXPECT_THAT([&] { activated("gelu_10", {1.0F}); }, fails_with(ErrorCode::unsupported_model, "'gelu_10'"));
}

}  // namespace
}  // namespace tastevin::graph
