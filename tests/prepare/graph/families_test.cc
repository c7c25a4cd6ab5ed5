// What the graphs of the families have and refuse; what they answer is tests/families_test.cc.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include <openvino/openvino.hpp>

#include "prepare/graph/graph.h"
#include "support/checkpoint.h"
#include "support/fails_with.h"
#include "support/files.h"

namespace tastevin::graph {
namespace {

constexpr char kReadsFirstToken[] = "tv.position_ids tv.mask tv.mask_first tv.first tv.pooled";

class FamilyGraph : public ::testing::Test {
 protected:
  /// Takes config and tensors of a small model of tests/golden/families, the tensors filled with anything.
  void take(const std::string& name) {
    golden_ = read_json_object(source_file("tests/golden/families/" + name + ".json"));
    for (const Json& tensor : golden_.at("tensors")) builder_.add(tensor.at("name"), tensor.at("shape"));
  }

  std::shared_ptr<ov::Model> build() {
    return build_graph(checkpoint::parse_config(golden_.at("config"), "config.json"), builder_.build(folder_),
                       WeightFormat::keep)
        .model;
  }

  std::string anchors_of(const std::string& name) {
    take(name);
    const auto model = build();
    return model->has_rt_info("tastevin", "anchors") ? model->get_rt_info<std::string>("tastevin", "anchors") : "";
  }

  std::vector<std::string> inputs_of(const std::string& name) {
    take(name);
    std::vector<std::string> names;
    for (const auto& input : build()->inputs()) names.push_back(input.get_any_name());
    return names;
  }

  TemporaryFolder folder_;
  Json golden_;
  CheckpointBuilder builder_;
};

TEST_F(FamilyGraph, OfBertHasTheFirstTokensAnchors) { EXPECT_EQ(anchors_of("bert"), kReadsFirstToken); }

TEST_F(FamilyGraph, OfOneLayerHasNoMaskForAllTokens) {
  EXPECT_EQ(anchors_of("bert-one-layer"), "tv.position_ids tv.mask_first tv.first tv.pooled");
}

TEST_F(FamilyGraph, WithDistancesSaysWhereItsQueriesStand) {
  EXPECT_EQ(anchors_of("mpnet"), "tv.position_ids tv.mask tv.mask_first tv.first tv.query_index tv.pooled");
}

TEST_F(FamilyGraph, WithoutPositionsHasNoAnchorForThem) {
  EXPECT_EQ(anchors_of("deberta-v3"), "tv.mask tv.mask_first tv.first tv.query_index tv.pooled");
}

TEST_F(FamilyGraph, ThatTakesTheMeanHasAnchorsForIt) {
  EXPECT_EQ(anchors_of("modernbert-mean"), "tv.position_ids tv.mask tv.pool_weights tv.pooled");
}

TEST_F(FamilyGraph, ThatReadsTheEndOfATextHasAnAnchorForIt) {
  EXPECT_EQ(anchors_of("bart"), "tv.position_ids tv.mask tv.mask_first tv.last tv.pooled");
}

TEST_F(FamilyGraph, WithAConvolutionHasAnchorsForItsTexts) {
  EXPECT_EQ(anchors_of("deberta-v2-conv"),
            "tv.position_ids tv.mask tv.mask_first tv.token_mask tv.first tv.query_index tv.pooled");
}

TEST_F(FamilyGraph, KeepsItsAnchorsThroughSavingAndReading) {
  take("mpnet");
  ov::save_model(build(), folder_ / "m.xml", false);

  const auto model = ov::Core().read_model(folder_ / "m.xml");

  std::istringstream anchors(model->get_rt_info<std::string>("tastevin", "anchors"));
  for (std::string name; anchors >> name;) {
    const auto named = [&name](const auto& node) { return node->output(0).get_names().contains(name); };
    const auto nodes = model->get_ops();
    EXPECT_TRUE(std::ranges::any_of(nodes, [&](const auto& node) {
      return node->get_output_size() > 0 && named(node);
    })) << name;
  }
}

TEST_F(FamilyGraph, OfTwoTokenTypesTakesThemAsInput) {
  EXPECT_THAT(inputs_of("bert"), ::testing::ElementsAre("input_ids", "attention_mask", "token_type_ids"));
}

TEST_F(FamilyGraph, OfOneTokenTypeHasNoSuchInput) {
  EXPECT_THAT(inputs_of("bert-old-names"), ::testing::ElementsAre("input_ids", "attention_mask"));
}

TEST_F(FamilyGraph, OfRobertaTakesTypesWhereItsTableHasTwo) {
  EXPECT_THAT(inputs_of("roberta-pad-0"), ::testing::ElementsAre("input_ids", "attention_mask", "token_type_ids"));
}

TEST_F(FamilyGraph, SharesTheConstantOfALayerAppliedTwice) {
  take("albert");
  std::size_t queries = 0;
  for (const auto& node : build()->get_ops()) {
    queries += static_cast<std::size_t>(node->get_friendly_name().ends_with("attention.query.weight"));
  }
  EXPECT_EQ(queries, 1U);
}

struct Refused {
  const char* name;
  const char* key;
  Json value;
  const char* word;
};

TEST_F(FamilyGraph, NamesTheSettingThatIsNotBuilt) {
  const std::vector<Refused> refused{
      {"bert", "position_embedding_type", "relative_key", "relative_key"},
      {"albert", "position_embedding_type", "relative_key_query", "relative_key_query"},
      {"roberta", "is_decoder", true, "is_decoder"},
      {"mpnet", "relative_attention_num_buckets", 16, "relative_attention_num_buckets"},
      {"deberta-v2-conv", "conv_groups", 2, "conv_groups"},
      {"modernbert", "rope_scaling", {{"rope_type", "yarn"}}, "rope_scaling"},
      {"modernbert", "rope_parameters", {{"full_attention", {{"rope_type", "yarn"}}}}, "'yarn'"},
      {"modernbert", "layer_types", {"full_attention"}, "layer_types"},
      {"modernbert", "classifier_pooling", "max", "'max'"},
      {"bart", "tie_word_embeddings", false, "tie_word_embeddings"},
      {"bart", "decoder_start_token_id", 300, "decoder_start_token_id"},
  };
  for (const Refused& one : refused) {
    take(one.name);
    golden_.at("config")[one.key] = one.value;
    EXPECT_THAT([&] { build(); }, fails_with(ErrorCode::unsupported_model, one.word)) << one.name;
    builder_ = {};
  }
}

TEST_F(FamilyGraph, RefusesASizeThatNoTensorBounds) {
  const std::vector<Refused> refused{
      {"albert", "num_hidden_layers", 2'000'000'000, "2000000000"},
      {"albert-groups", "inner_group_num", 2'000'000'000, "2000000000"},
      {"deberta-v3", "max_position_embeddings", 2'000'000'000, "2000000000"},
      {"deberta-v3", "position_buckets", 2'000'000'000, "position_buckets"},
      {"deberta-v3", "max_relative_positions", 3, "position_buckets"},
      {"modernbert", "max_position_embeddings", 2'000'000'000, "2000000000"},
      {"modernbert", "num_hidden_layers", 2'000'000'000, "2000000000"},
      {"roberta", "max_position_embeddings", 2, "2 positions"},
  };
  for (const Refused& one : refused) {
    take(one.name);
    golden_.at("config")[one.key] = one.value;
    EXPECT_THAT([&] { build(); }, fails_with(ErrorCode::unsupported_model, one.word)) << one.name;
    builder_ = {};
  }
}

TEST_F(FamilyGraph, RefusesAHeadOfAnotherTaskByItsArchitecture) {
  take("roberta");
  golden_.at("config")["architectures"] = {"RobertaForTokenClassification"};

  EXPECT_THAT([&] { build(); }, fails_with(ErrorCode::unsupported_model, "RobertaForTokenClassification"));
}

TEST_F(FamilyGraph, RefusesATensorUnderTwoSpellings) {
  take("bert");
  builder_.add("module.classifier.bias", {3});

  EXPECT_THAT([&] { build(); }, fails_with(ErrorCode::bad_checkpoint, "classifier.bias"));
}

TEST_F(FamilyGraph, FollowsItsHeadWhereTheConfigDeclaresNoLabels) {
  take("bert");
  golden_.at("config").erase("id2label");
  golden_.at("config").erase("label2id");

  EXPECT_EQ(build()->output("logits").get_partial_shape()[1], ov::Dimension(3));
}

TEST_F(FamilyGraph, RefusesAHeadOfOtherLabelsThanDeclared) {
  take("bert");
  golden_.at("config")["id2label"] = {{"0", "a"}, {"1", "b"}};

  EXPECT_THAT([&] { build(); }, fails_with(ErrorCode::bad_checkpoint, "2 labels"));
}

}  // namespace
}  // namespace tastevin::graph
