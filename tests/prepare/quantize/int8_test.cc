#include "prepare/quantize/int8.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

#include <openvino/op/ops.hpp>

#include "prepare/quantize/tiny_graph.h"
#include "prepare/quantize/weight_only.h"

namespace tastevin::int8 {
namespace {

Matrix random_matrix(std::size_t rows, std::size_t columns) {
  std::mt19937 dice(1);
  std::normal_distribution<float> normal;
  Matrix matrix{rows, columns, std::vector<float>(rows * columns)};
  for (float& value : matrix.values) value = normal(dice);
  return matrix;
}

TEST(Rounded, IsOffByHalfAStepAtMost) {
  const Matrix exact = random_matrix(7, 50);
  const Matrix found = rounded(exact);

  for (std::size_t row = 0; row < exact.rows; ++row) {
    float largest = 0;
    for (std::size_t i = 0; i < exact.columns; ++i) largest = std::max(largest, std::abs(exact.row(row)[i]));
    for (std::size_t i = 0; i < exact.columns; ++i)
      EXPECT_LE(std::abs(found.row(row)[i] - exact.row(row)[i]), largest / 127 / 2 * 1.001F);
  }
}

TEST(Rounded, KeepsARowOfZeros) {
  const Matrix zeros{1, 4, {0, 0, 0, 0}};

  EXPECT_EQ(rounded(zeros).values, zeros.values);
}

TEST(AsInt8, StandsForTheRoundedValues) {
  const Matrix exact = random_matrix(5, 12);
  const auto model = std::make_shared<ov::Model>(ov::OutputVector{as_int8(exact, "w")}, ov::ParameterVector{});
  ov::TensorVector found{ov::Tensor(ov::element::f32, {5, 12})};

  ASSERT_TRUE(model->evaluate(found, {}));

  const Matrix expected = rounded(exact);
  for (std::size_t i = 0; i < expected.values.size(); ++i)
    EXPECT_FLOAT_EQ(found[0].data<float>()[i], expected.values[i]);
}

TEST(QuantizeWeights, MovesLogitsALittle) {
  const std::vector<std::int64_t> ids{2, 5, 6, 7, 8, 3};
  const auto exact = tiny_graph();
  const auto quantized = tiny_graph();
  quantize_weights(quantized, {});
  quantize_words(quantized);

  const auto before = logits_of(exact, ids);
  const auto after = logits_of(quantized, ids);

  EXPECT_NE(before, after);
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_NEAR(before[i], after[i], 0.05);
}

/// |x| W1 through Relu, times weights [2, 3] of which one is a thousand times as large as the others of its row.
std::shared_ptr<ov::Model> graph_with_an_outlier() {
  using namespace ov::op;
  const auto x = std::make_shared<v0::Parameter>(ov::element::f32, ov::PartialShape{-1, 2});
  const std::vector<float> first{0.001F, 0.001F, 0.5F, 0.25F, 0.125F, 0.5F};
  const std::vector<float> second{500, 0.2F, 0.3F, 500, 0.3F, 0.1F};
  const auto inner = std::make_shared<v0::MatMul>(std::make_shared<v0::Abs>(x),
                                                  v0::Constant::create(ov::element::f32, {3, 2}, first), false, true);
  const auto outer = std::make_shared<v0::MatMul>(std::make_shared<v0::Relu>(inner),
                                                  v0::Constant::create(ov::element::f32, {2, 3}, second), false, true);
  const auto axis = v0::Constant::create(ov::element::i64, {1}, {1});
  const auto norm = std::make_shared<v6::MVN>(outer, axis, true, 1e-5F, MVNEpsMode::INSIDE_SQRT);  // ends the body
  return std::make_shared<ov::Model>(ov::OutputVector{outer, norm}, ov::ParameterVector{x});
}

// A weight of 7.9 among others of 0.04 rounded almost all of its row to 0 in a real model.
TEST(QuantizeWeights, KeepsTheOthersOfARowWithAnOutlierOfAnInnerLayer) {
  const auto exact = graph_with_an_outlier();
  const auto quantized = graph_with_an_outlier();
  quantize_weights(quantized, {});
  ASSERT_TRUE(is_quantized(*quantized));
  ov::Tensor input(ov::element::f32, {1, 2});
  std::fill_n(input.data<float>(), 2, 1.0F);
  const auto run = [&input](const std::shared_ptr<ov::Model>& model) {
    ov::TensorVector found{ov::Tensor(ov::element::f32, {1, 2}), ov::Tensor(ov::element::f32, {1, 2})};
    EXPECT_TRUE(model->evaluate(found, {input}));
    return std::vector<float>(found[0].data<float>(), found[0].data<float>() + 2);
  };

  const std::vector<float> before = run(exact);
  const std::vector<float> after = run(quantized);

  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_NEAR(after[i], before[i], 0.02F * std::abs(before[i]));
}

TEST(QuantizeWeights, LeavesWhatIsToBeKept) {
  const std::vector<std::int64_t> ids{2, 5, 6, 7, 8, 3};
  const auto kept = tiny_graph();
  std::set<std::string> names;
  for (const Site& site : sites_of(*kept)) names.insert(site.name);

  quantize_weights(kept, names);

  EXPECT_EQ(logits_of(kept, ids), logits_of(tiny_graph(), ids));
}

TEST(QuantizeWeights, KeepsSharedWeightsOneConstant) {
  const auto model = family_graph("albert");
  quantize_weights(model, {});

  std::set<std::string> names;
  for (const auto& node : model->get_ops()) {
    const auto constant = ov::as_type_ptr<ov::op::v0::Constant>(node);
    if (!constant || constant->get_element_type() != ov::element::i8) continue;
    EXPECT_TRUE(names.insert(constant->get_friendly_name()).second) << constant->get_friendly_name();
  }
  EXPECT_GE(names.size(), 6U);
}

}  // namespace
}  // namespace tastevin::int8
