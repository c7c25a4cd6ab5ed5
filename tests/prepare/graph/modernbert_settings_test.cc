#include "prepare/graph/families/modernbert_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tastevin::graph {
namespace {

ModernBertSettings settings_of(const Json& more) {
  Json config{{"model_type", "modernbert"}, {"hidden_size", 16}, {"num_attention_heads", 2},
              {"num_hidden_layers", 5},     {"vocab_size", 50},  {"pad_token_id", 3}};
  config.update(more);
  return modernbert_settings(checkpoint::parse_config(config, "config.json"));
}

TEST(ModernBertSettings, MakeEveryThirdLayerGlobalUnlessTold) {
  using enum Reach;
  EXPECT_THAT(settings_of(Json::object()).layers, ::testing::ElementsAre(global, local, local, global, local));
  EXPECT_THAT(settings_of({{"global_attn_every_n_layers", 2}}).layers,
              ::testing::ElementsAre(global, local, global, local, global));
}

TEST(ModernBertSettings, HaveABaseOfAnglesForEachKindOfLayer) {
  EXPECT_EQ(settings_of(Json::object()).global_theta, 160000);
  EXPECT_EQ(settings_of(Json::object()).local_theta, 10000);
}

TEST(ModernBertSettings, TakeTheGlobalBaseWhereTheLocalIsNull) {
  EXPECT_EQ(settings_of({{"global_rope_theta", 500}, {"local_rope_theta", nullptr}}).local_theta, 500);
}

TEST(ModernBertSettings, ReadTheSpellingOfTransformers5) {
  using enum Reach;
  const Json config = parse_json(R"({
    "layer_types": ["full_attention", "full_attention", "sliding_attention", "sliding_attention", "full_attention"],
    "rope_parameters": {"full_attention": {"rope_type": "default", "rope_theta": 70},
                        "sliding_attention": {"rope_type": "default", "rope_theta": 30}}})",
                                 "config.json");

  const auto settings = settings_of(config);

  EXPECT_THAT(settings.layers, ::testing::ElementsAre(global, global, local, local, global));
  EXPECT_EQ(settings.global_theta, 70);
  EXPECT_EQ(settings.local_theta, 30);
}

}  // namespace
}  // namespace tastevin::graph
