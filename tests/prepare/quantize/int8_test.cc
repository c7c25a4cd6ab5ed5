#include "prepare/quantize/int8.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
