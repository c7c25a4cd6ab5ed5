#include "prepare/quantize/static_int8.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include <openvino/op/ops.hpp>

#include "base/cpu_features.h"
#include "prepare/quantize/tiny_graph.h"

namespace tastevin::int8 {
namespace {

std::vector<Encoding> texts() {
  std::mt19937 dice(1);
  std::vector<Encoding> encodings(40);
  for (Encoding& encoding : encodings) {
    for (std::size_t i = 0; i < 12; ++i) encoding.ids.push_back(static_cast<std::int32_t>(2 + dice() % 20));
    encoding.type_ids.assign(encoding.ids.size(), 0);
  }
  return encodings;
}

std::map<std::string, Activations> seen_by(const std::shared_ptr<ov::Model>& model) {
  return observe(model, texts(), 0, [] {});
}

/// What this CPU multiplies without saturating.
float largest_code() {
  return read_cpu_features("/proc/cpuinfo").multiplies_bytes() ? kLargestCode : kLargestCodeIn16Bits;
}

std::map<std::string, Scheme> schemes_of(const ov::Model& model, const std::map<std::string, Activations>& seen) {
  std::map<std::string, Scheme> schemes;
  for (const Site& site : sites_of(model))
    schemes.emplace(site.name, best_scheme(site, seen.at(site.name), largest_code()));
  return schemes;
}

TEST(Observe, SeesEveryTokenOfEverySite) {
  const auto model = tiny_graph();
  std::size_t ticks = 0;

  const auto seen = observe(model, texts(), 0, [&ticks] { ++ticks; });

  EXPECT_EQ(ticks, texts().size());
  EXPECT_EQ(seen.size(), sites_of(*model).size());
  for (const auto& [name, site] : seen) {
    EXPECT_GE(site.sample.rows, texts().size()) << name;  // the last layer computes one token a text
    for (std::size_t row = 0; row < site.sample.rows; ++row) {
      for (std::size_t i = 0; i < site.sample.columns; ++i) {
        EXPECT_LE(site.low[i], site.sample.row(row)[i]);
        EXPECT_GE(site.high[i], site.sample.row(row)[i]);
      }
    }
  }
}

/// A site of 8 channels and 8 outputs with random weights, whose first channel is `outlier` times as large.
struct OneSite {
  explicit OneSite(float outlier) {
    std::mt19937 dice(1);
    std::normal_distribution<float> normal;
    std::vector<float> weights(64);
    for (float& weight : weights) weight = normal(dice);
    site.input = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::PartialShape{-1, 8});
    const auto constant = ov::op::v0::Constant::create(ov::element::f32, {8, 8}, weights);
    matmul = std::make_shared<ov::op::v0::MatMul>(site.input, constant, false, true);
    site.products.push_back({"w", matmul, constant, 0});
    seen = {std::vector<float>(8, -4), std::vector<float>(8, 4), {100, 8, std::vector<float>(800)}};
    for (std::size_t i = 0; i < 800; ++i) seen.sample.values[i] = normal(dice) * (i % 8 == 0 ? outlier : 1);
    seen.low[0] *= outlier;
    seen.high[0] *= outlier;
  }

  Site site;
  std::shared_ptr<ov::Node> matmul;
  Activations seen;
};

TEST(BestScheme, MovesAnOutlierIntoTheWeights) {
  const OneSite one(100);
  const Scheme scheme = best_scheme(one.site, one.seen);

  EXPECT_GT(scheme.divisors[0], 3 * scheme.divisors[1]);
}

TEST(BestScheme, SmoothsNothingWhereWeightsAreShared) {
  OneSite one(100);
  one.site.shares_weights = true;

  EXPECT_THAT(best_scheme(one.site, one.seen).divisors, ::testing::Each(1.0F));
}

TEST(BestScheme, CutsARangeThatOneTokenAloneReached) {
  OneSite one(1);
  for (std::size_t i = 0; i < 8; ++i) one.seen.high[i] = 8;  // twice what the sample reaches

  EXPECT_LT(best_scheme(one.site, one.seen).high, 8);
}

// Half of the observed range was the smallest one that was tried.
TEST(BestScheme, CutsARangeToPercentilesOfTheSampleWhereItsEndIsFarOut) {
  OneSite one(1);
  for (std::size_t i = 0; i < 8; ++i) one.seen.high[i] = 400;  // a hundred times what the sample reaches

  const Scheme scheme = best_scheme(one.site, one.seen);

  EXPECT_LT(scheme.high / scheme.divisors[0], 8);
}

// Two products of bytes are added in 16 bits by a CPU without VNNI and AMX: they saturated, and logits moved by 0.5.
TEST(QuantizeSites, StoresWeightsOfWhichNoSumSaturatesIn16Bits) {
  const auto model = tiny_graph();
  const auto seen = seen_by(model);
  std::map<std::string, Scheme> schemes;
  for (const Site& site : sites_of(*model))
    schemes.emplace(site.name, best_scheme(site, seen.at(site.name), kLargestCodeIn16Bits));

  quantize_sites(model, schemes, seen, {});

  int largest = 0;
  for (const auto& node : model->get_ops()) {
    const auto codes = ov::as_type_ptr<ov::op::v0::Constant>(node);
    if (codes == nullptr || codes->get_element_type() != ov::element::i8) continue;
    for (const std::int8_t code : codes->cast_vector<std::int8_t>()) largest = std::max(largest, std::abs(int{code}));
  }
  EXPECT_EQ(largest, 64);
}

TEST(QuantizeSites, MovesLogitsALittle) {
  const std::vector<std::int64_t> ids{2, 5, 6, 7, 8, 3};
  const auto model = tiny_graph();
  const auto seen = seen_by(model);
  const auto schemes = schemes_of(*model, seen);
  const auto before = logits_of(model, ids);

  quantize_sites(model, schemes, seen, {});

  const auto after = logits_of(model, ids);
  EXPECT_NE(before, after);
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_NEAR(before[i], after[i], 0.1);
}

TEST(QuantizeSites, LetsTheCpuMultiplyBytes) {
  const auto model = tiny_graph();
  const auto seen = seen_by(model);
  quantize_sites(model, schemes_of(*model, seen), seen, {});

  const auto compiled = ov::Core().compile_model(model, "CPU", ov::hint::inference_precision(ov::element::f32));

  std::size_t bytes = 0;
  for (const auto& node : compiled.get_runtime_model()->get_ops()) {
    const auto& info = node->get_rt_info();
    const auto type = info.at("layerType").as<std::string>();
    if (type == "FullyConnected" || type == "MatMul")
      bytes += static_cast<std::size_t>(info.at("runtimePrecision").as<std::string>().ends_with("8"));
  }
  std::size_t products = 0;
  for (const Site& site : sites_of(*tiny_graph())) products += site.products.size();
  EXPECT_EQ(bytes, products);
}

TEST(QuantizeSites, TakesEveryFamily) {
  const std::vector<std::int64_t> ids{3, 5, 6, 7, 8, 2};
  for (const char* name : {"albert", "bart", "bert", "deberta-v3", "electra", "modernbert-mean", "mpnet", "roberta"}) {
    const auto model = family_graph(name);
    const auto before = logits_of(model, ids);
    const auto seen = seen_by(model);
    quantize_sites(model, schemes_of(*model, seen), seen, {});
    const auto after = logits_of(model, ids);
    for (std::size_t i = 0; i < before.size(); ++i) EXPECT_NEAR(before[i], after[i], 0.3) << name;
  }
}

}  // namespace
}  // namespace tastevin::int8
