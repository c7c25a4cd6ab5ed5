#include "prepare/graph/graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <openvino/openvino.hpp>

#include "base/anchors.h"
#include "support/checkpoint.h"
#include "support/fails_with.h"

namespace tastevin::graph {
namespace {

std::shared_ptr<ov::Model> build(const checkpoint::ModelConfig& config, const CheckpointBuilder& builder) {
  const TemporaryFolder folder;
  return build_graph(config, builder.build(folder), WeightFormat::keep).model;
}

TEST(BuildGraph, HasTheStandardInterface) {
  const auto model = build(small_distilbert_config(), small_distilbert_tensors());

  ASSERT_EQ(model->inputs().size(), 2U);
  EXPECT_TRUE(model->input("input_ids").get_partial_shape().compatible({-1, -1}));
  EXPECT_EQ(model->input("attention_mask").get_element_type(), ov::element::i64);
  EXPECT_EQ(model->output("logits").get_partial_shape(), (ov::PartialShape{-1, 3}));
}

TEST(BuildGraph, LeavesAnchorsThatSurviveSavingAndReading) {
  const TemporaryFolder folder;
  const auto path = folder / "m.xml";
  ov::save_model(build(small_distilbert_config(), small_distilbert_tensors()), path, false);

  const auto model = ov::Core().read_model(path);

  EXPECT_EQ(model->get_rt_info<std::string>("tastevin", "anchors"),
            "tv.position_ids tv.mask tv.mask_first tv.first tv.pooled");
  for (const char* name :
       {anchors::kPositionIds, anchors::kMask, anchors::kMaskFirst, anchors::kFirst, anchors::kPooled}) {
    const auto named = [name](const auto& node) {
      return node->get_friendly_name() == name && node->output(0).get_names().contains(name);
    };
    EXPECT_TRUE(std::ranges::any_of(model->get_ops(), named)) << name;
  }
}

TEST(BuildGraph, ComputesTheLastLayerForTheFirstTokenOnly) {
  const auto model = build(small_distilbert_config(), small_distilbert_tensors());
  // The feed-forward block of the last layer sees one token a text, those before it all tokens.
  std::size_t one_token = 0;
  std::size_t all_tokens = 0;
  for (const auto& node : model->get_ops()) {
    const auto shape = node->output(0).get_partial_shape();
    if (std::string(node->get_type_name()) != "Gelu") continue;
    (shape[1].get_max_length() == 1 ? one_token : all_tokens) += 1;
  }
  EXPECT_EQ(one_token, 1U);
  EXPECT_EQ(all_tokens, 1U);
}

TEST(BuildGraph, LoadsNamesWithoutTheBasePrefix) {
  EXPECT_NO_THROW(build(small_distilbert_config(), small_distilbert_tensors("")));
}

TEST(BuildGraph, NamesAnUnknownFamily) {
  auto config = small_distilbert_config();
  config.model_type = "longformer";

  EXPECT_THAT([&] { build(config, small_distilbert_tensors()); },
              fails_with(ErrorCode::unsupported_model, "'longformer'"));
}

TEST(BuildGraph, PointsToTheExportForAFamilyThatIsNotBuilt) {
  auto config = small_distilbert_config();
  config.model_type = "mobilebert";

  EXPECT_THAT([&] { build(config, small_distilbert_tensors()); },
              fails_with(ErrorCode::unsupported_model, "python -m tastevin.export"));
}

TEST(BuildGraph, NamesAHeadOfAnotherTask) {
  auto config = small_distilbert_config();
  config.architectures = {"DistilBertForQuestionAnswering"};

  EXPECT_THAT([&] { build(config, small_distilbert_tensors()); },
              fails_with(ErrorCode::unsupported_model, "DistilBertForQuestionAnswering"));
}

TEST(BuildGraph, RefusesACheckpointWithoutItsHead) {
  // A base checkpoint whose head is missing answered at random elsewhere.
  const TemporaryFolder folder;
  auto tensors = small_distilbert_tensors().build(folder).all();
  const auto built = [&tensors] {
    build_graph(small_distilbert_config(), checkpoint::TensorStore(tensors), WeightFormat::keep);
  };

  tensors.erase("classifier.weight");
  EXPECT_THAT(built, fails_with(ErrorCode::bad_checkpoint, "'classifier.weight': missing from the checkpoint"));

  tensors.erase("classifier.bias");
  EXPECT_THAT(built,
              fails_with(ErrorCode::bad_checkpoint, "missing from the checkpoint (and with it all of 'classifier.*')"));
}

TEST(BuildGraph, IgnoresPretrainingHeadsAndPositionBuffersAndNamesThem) {
  auto builder = small_distilbert_tensors();
  builder.add("vocab_projector.weight", {11, 8});
  builder.add_bytes("distilbert.embeddings.position_ids", {1, 2}, checkpoint::DType::i64, std::string(16, '\1'));

  const TemporaryFolder folder;
  const Built built = build_graph(small_distilbert_config(), builder.build(folder), WeightFormat::keep);
  EXPECT_THAT(built.ignored, ::testing::ElementsAre("distilbert.embeddings.position_ids", "vocab_projector.weight"));
}

TEST(BuildGraph, NamesAnActivationThatIsNotBuilt) {
  auto config = small_distilbert_config();
  config.hidden_act = "mish";

  EXPECT_THAT([&] { build(config, small_distilbert_tensors()); }, fails_with(ErrorCode::unsupported_model, "'mish'"));
}

}  // namespace
}  // namespace tastevin::graph
