#include "prepare/quantize/sites.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "prepare/quantize/tiny_graph.h"
#include "prepare/quantize/weight_only.h"

namespace tastevin::int8 {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> names_of(const Site& site) {
  std::vector<std::string> names;
  for (const Product& product : site.products) names.push_back(product.name);
  return names;
}

TEST(Sites, JoinWhatReadsTheSameValue) {
  const auto model = tiny_graph();
  const auto sites = sites_of(*model);

  ASSERT_GE(sites.size(), 4U);
  const std::string layer = "distilbert.transformer.layer.0.";
  EXPECT_THAT(names_of(sites[0]), ElementsAre(layer + "attention.q_lin.weight", layer + "attention.k_lin.weight",
                                              layer + "attention.v_lin.weight"));
  EXPECT_THAT(names_of(sites[1]), ElementsAre(layer + "attention.out_lin.weight"));
  EXPECT_THAT(names_of(sites[2]), ElementsAre(layer + "ffn.lin1.weight"));
  EXPECT_THAT(names_of(sites[3]), ElementsAre(layer + "ffn.lin2.weight"));
}

TEST(Sites, LeaveOutTheHead) {
  const auto model = tiny_graph();
  for (const Site& site : sites_of(*model)) {
    for (const std::string& name : names_of(site))
      EXPECT_THAT(name, ::testing::Not(::testing::HasSubstr("classifier")));
  }
}

TEST(Sites, HaveANameEachWhereLayersShareTheirWeights) {
  const auto model = family_graph("albert");
  std::set<std::string> names;
  std::size_t shared = 0;
  for (const Site& site : sites_of(*model)) {
    EXPECT_TRUE(names.insert(site.name).second) << site.name;
    shared += static_cast<std::size_t>(site.shares_weights);
  }
  EXPECT_GT(shared, 0U);
}

TEST(Sites, OfEveryFamilyAreThere) {
  for (const char* name : {"albert", "bart", "bert", "deberta-v3", "electra", "modernbert-mean", "mpnet", "roberta"}) {
    EXPECT_GE(sites_of(*family_graph(name)).size(), 4U) << name;
    EXPECT_GE(word_lookups(*family_graph(name)).size(), 1U) << name;
  }
}

TEST(Sites, OfAQuantizedModelAreKnown) {
  const auto model = tiny_graph();
  EXPECT_FALSE(is_quantized(*model));

  quantize_weights(model, {});

  EXPECT_TRUE(is_quantized(*model));
}

TEST(Words, AreLookedUpTwiceInBart) { EXPECT_EQ(word_lookups(*family_graph("bart")).size(), 2U); }

}  // namespace
}  // namespace tastevin::int8
