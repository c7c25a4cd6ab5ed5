#include "bench/flops.h"

#include <gtest/gtest.h>

#include <openvino/op/ops.hpp>
#include <openvino/openvino.hpp>

#include "open_model.h"
#include "support/fails_with.h"
#include "support/files.h"

namespace tastevin::bench {
namespace {

using Value = ov::Output<ov::Node>;

std::shared_ptr<ov::op::v0::Parameter> ids(const ov::PartialShape& shape) {
  auto parameter = std::make_shared<ov::op::v0::Parameter>(ov::element::i64, shape);
  parameter->output(0).set_names({"input_ids"});
  return parameter;
}

Value matrix(const ov::Shape& shape) {
  return ov::op::v0::Constant::create(ov::element::f32, shape, std::vector<float>(ov::shape_size(shape), 1));
}

/// [B,T] -> [B,T,width]: a look-up in a table, which is no arithmetic.
Value embedded(const Value& tokens, std::size_t width) {
  const auto axis = ov::op::v0::Constant::create(ov::element::i64, {}, {0});
  return std::make_shared<ov::op::v8::Gather>(matrix({10, width}), tokens, axis);
}

TEST(CountFlops, CountsALinearLayerForEachToken) {
  const auto tokens = ids({-1, -1});
  const Value linear = std::make_shared<ov::op::v0::MatMul>(embedded(tokens, 6), matrix({4, 6}), false, true);
  const auto model = std::make_shared<ov::Model>(ov::OutputVector{linear}, ov::ParameterVector{tokens});

  const Flops flops = count_flops(model);

  EXPECT_NEAR(flops.per_token, 2 * 6 * 4, 1e-9);
  EXPECT_NEAR(flops.fixed, 0, 1e-9);
  EXPECT_NEAR(flops.per_pair, 0, 1e-9);
}

TEST(CountFlops, CountsBothProductsOfAttentionForEachPairOfTokens) {
  const auto tokens = ids({-1, -1});
  const Value value = embedded(tokens, 6);
  const Value attention = std::make_shared<ov::op::v13::ScaledDotProductAttention>(value, value, value, false);
  const auto model = std::make_shared<ov::Model>(ov::OutputVector{attention}, ov::ParameterVector{tokens});

  const Flops flops = count_flops(model);

  EXPECT_NEAR(flops.per_pair, 2 * 6 + 2 * 6, 1e-9);
  EXPECT_NEAR(flops.of(10), 2400, 1e-9);
}

TEST(CountFlops, LeavesTheGraphAsItWas) {
  const auto tokens = ids({-1, -1});
  const Value linear = std::make_shared<ov::op::v0::MatMul>(embedded(tokens, 6), matrix({6, 4}));
  const auto model = std::make_shared<ov::Model>(ov::OutputVector{linear}, ov::ParameterVector{tokens});

  count_flops(model);

  EXPECT_EQ(model->input().get_partial_shape(), ov::PartialShape({-1, -1}));
}

TEST(CountFlops, RefusesInputsThatAreNotTextsByTokens) {
  const auto tokens = ids({-1, -1, 3});
  const auto model = std::make_shared<ov::Model>(ov::OutputVector{tokens}, ov::ParameterVector{tokens});

  EXPECT_THAT([&] { count_flops(model); }, fails_with(ErrorCode::unsupported_model, "inputs"));
}

// sst2-tiny: width w, inner width f, n layers; in the last, only keys and values are computed for every token.
TEST(CountFlops, CountsThePrunedLayerOfARealModel) {
  const ModelParts parts = open_model(source_file("models/sst2-tiny"));
  const auto w = static_cast<double>(parts.config.hidden_size);
  const auto f = static_cast<double>(parts.config.intermediate_size);
  const auto whole = static_cast<double>(parts.config.layers - 1);

  const Flops flops = count_flops(parts.graph.model);

  EXPECT_NEAR(flops.per_token, whole * (8 * w * w + 4 * w * f) + 4 * w * w + 4 * w,
              1);  // 4w: the one query's attention
  EXPECT_NEAR(flops.per_pair, whole * 4 * w, 1e-6);
  EXPECT_NEAR(flops.fixed, 4 * w * w + 4 * w * f + 2 * w * w + 2 * w * 2, 1);  // query, output, block; the head
}

}  // namespace
}  // namespace tastevin::bench
