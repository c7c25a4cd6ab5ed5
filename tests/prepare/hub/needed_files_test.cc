#include "prepare/hub/needed_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fails_with.h"

namespace tastevin::hub {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(NeededFiles, AreConfigTokenizerAndSafetensors) {
  const auto needed = needed_files({"README.md", ".gitattributes", "pytorch_model.bin", "model.safetensors",
                                    "tokenizer.json", "vocab.txt", "config.json", "tf_model.h5", "onnx/model.onnx"});

  EXPECT_THAT(needed.small, ElementsAre("config.json", "tokenizer.json", "vocab.txt"));
  EXPECT_THAT(needed.weights, ElementsAre("model.safetensors"));
}

TEST(NeededFiles, PreferTheFormsInTheOrderInWhichAFolderIsRead) {
  std::vector<std::string> listed{"onnx/model.onnx", "onnx/model.onnx_data", "onnx/model_quantized.onnx"};
  EXPECT_THAT(needed_files(listed).weights, ElementsAre("onnx/model.onnx_data", "onnx/model.onnx"));
  listed.emplace_back("model.onnx");
  EXPECT_THAT(needed_files(listed).weights, ElementsAre("model.onnx"));
  listed.emplace_back("pytorch_model.bin.index.json");
  EXPECT_EQ(needed_files(listed).index, "pytorch_model.bin.index.json");
  listed.emplace_back("pytorch_model.bin");
  EXPECT_THAT(needed_files(listed).weights, ElementsAre("pytorch_model.bin"));
  listed.emplace_back("model.safetensors.index.json");
  EXPECT_EQ(needed_files(listed).index, "model.safetensors.index.json");
  listed.emplace_back("model.safetensors");
  EXPECT_THAT(needed_files(listed).weights, ElementsAre("model.safetensors"));
  listed.emplace_back("openvino_model.xml");
  EXPECT_THAT(needed_files(listed).weights, ElementsAre("model.safetensors"));
  listed.emplace_back("openvino_model.bin");
  EXPECT_THAT(needed_files(listed).weights, ElementsAre("openvino_model.xml", "openvino_model.bin"));
}

TEST(NeededFiles, HoldNothingThatIsNotKnown) {
  const auto needed = needed_files({"../../evil", "/etc/passwd", "modeling_custom.py"});

  EXPECT_THAT(needed.small, IsEmpty());
  EXPECT_FALSE(needed.has_weights());
}

TEST(CheckNeeded, NamesTheWeightsThatWeDoNotRead) {
  const std::vector<std::string> listed{"config.json", "tf_model.h5", "flax_model.msgpack"};

  EXPECT_THAT([&] { check_needed(needed_files(listed), listed, "model 'm'"); },
              fails_with(ErrorCode::unsupported_model, "found tf_model.h5, flax_model.msgpack"));
}

TEST(CheckNeeded, RefusesARepositoryWithoutConfig) {
  EXPECT_THAT([&] { check_needed(needed_files({"model.safetensors"}), {}, "model 'm'"); },
              fails_with(ErrorCode::unsupported_model, "config.json"));
}

TEST(ShardsOf, AreEachNamedOnce) {
  EXPECT_THAT(shards_of(R"({"weight_map": {"a": "2.safetensors", "b": "1.safetensors", "c": "2.safetensors"}})", "i"),
              ElementsAre("1.safetensors", "2.safetensors"));
}

TEST(ShardsOf, StayInTheRepository) {
  EXPECT_THAT([] { shards_of(R"({"weight_map": {"a": "../../x"}})", "i"); },
              fails_with(ErrorCode::bad_checkpoint, "'a'"));
}

TEST(ShardsOf, RefusesAnIndexThatIsNone) {
  for (const char* index : {"[]", "{}", R"({"weight_map": {}})", R"({"weight_map": {"a": 1}})", "<html>"})
    EXPECT_THAT([&] { shards_of(index, "i"); }, fails_with(ErrorCode::bad_checkpoint, "i")) << index;
}

TEST(IsComplete, NeedsConfigVocabularyAndWeights) {
  EXPECT_TRUE(is_complete(needed_files({"config.json", "vocab.txt", "model.safetensors"})));
  EXPECT_FALSE(is_complete(needed_files({"vocab.txt", "model.safetensors"})));
  EXPECT_FALSE(is_complete(needed_files({"config.json", "tokenizer_config.json", "model.safetensors"})));
  EXPECT_FALSE(is_complete(needed_files({"config.json", "vocab.txt"})));
}

}  // namespace
}  // namespace tastevin::hub
