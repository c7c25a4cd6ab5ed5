#include "model_folder/model_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include <openvino/op/ops.hpp>
#include <openvino/openvino.hpp>

#include "base/json.h"
#include "support/fails_with.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace tastevin::model_folder {
namespace {

namespace fs = std::filesystem;

std::shared_ptr<ov::Model> doubling_model() {
  const auto x = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::PartialShape{-1, 2});
  const auto two = ov::op::v0::Constant::create(ov::element::f32, {2}, {2.0F, 2.5F});
  return std::make_shared<ov::Model>(ov::OutputVector{std::make_shared<ov::op::v1::Multiply>(x, two)},
                                     ov::ParameterVector{x});
}

class ModelFolderTest : public ::testing::Test {
 protected:
  ModelFolderTest() {
    fs::create_directory(checkpoint_);
    std::ofstream(checkpoint_ / "config.json") << R"({"model_type": "distilbert"})";
    std::ofstream(checkpoint_ / "vocab.txt") << "[PAD]\n";
    std::ofstream(checkpoint_ / "training_args.bin") << "none of our business";
  }

  void write_to(const fs::path& out) const {
    write(out, doubling_model(), checkpoint_, {.family = "distilbert", .source = "c", .weights = "keep"});
  }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_.path()), {}));
  }

  TemporaryFolder folder_;
  fs::path checkpoint_ = folder_ / "checkpoint";
  fs::path out_ = folder_ / "out";
};

// Such graphs were loaded, and failed at the first text.
TEST_F(ModelFolderTest, OfAGraphOfOtherTypesIsFedAndReadAsAnyOther) {
  fs::create_directory(out_);
  const auto ids = std::make_shared<ov::op::v0::Parameter>(ov::element::i32, ov::PartialShape{-1, 2});
  ids->output(0).set_names({"input_ids"});
  const auto halves = std::make_shared<ov::op::v0::Convert>(ids, ov::element::f16);
  halves->output(0).set_names({"logits"});
  ov::save_model(std::make_shared<ov::Model>(ov::OutputVector{halves}, ov::ParameterVector{ids}),
                 out_ / "openvino_model.xml");

  const Graph graph = read(out_);

  EXPECT_EQ(graph.model->input("input_ids").get_element_type(), ov::element::i64);
  EXPECT_EQ(graph.model->output("logits").get_element_type(), ov::element::f32);
}

TEST_F(ModelFolderTest, HoldsTheGraphTheConfigAndTheTokenizer) {
  write_to(out_);

  EXPECT_TRUE(is_model_folder(out_));
  for (const char* name : {"openvino_model.xml", "openvino_model.bin", "config.json", "vocab.txt", "tastevin.json"}) {
    EXPECT_TRUE(fs::exists(out_ / name)) << name;
  }
  EXPECT_FALSE(fs::exists(out_ / "training_args.bin"));
}

TEST_F(ModelFolderTest, HasAManifestThatSaysFromWhatItWasMade) {
  write_to(out_);

  const Json manifest = read_json_object(out_ / "tastevin.json");

  EXPECT_EQ(manifest["family"], "distilbert");
  EXPECT_EQ(manifest["source"], "c");
}

TEST_F(ModelFolderTest, IsReadWithWeightsThatLieInTheMappedFile) {
  write_to(out_);

  const Graph graph = read(out_);

  const auto& file = *graph.files.front();
  for (const auto& node : graph.model->get_ops()) {
    const auto constant = ov::as_type_ptr<ov::op::v0::Constant>(node);
    if (!constant) continue;
    const auto* data = static_cast<const std::byte*>(constant->get_data_ptr());
    EXPECT_TRUE(data >= file.data() && data < file.data() + file.size());
  }
  EXPECT_EQ(graph.weights.at("f32"), 2U);
}

TEST_F(ModelFolderTest, IsReadIntoMemoryWithNoWeightInTheFile) {
  write_to(out_);
  Graph graph = read(out_);
  const auto file = graph.files.front();

  read_into_memory(graph);

  EXPECT_TRUE(graph.files.empty());
  std::size_t constants = 0;
  for (const auto& node : graph.model->get_ops()) {
    const auto constant = ov::as_type_ptr<ov::op::v0::Constant>(node);
    if (!constant) continue;
    ++constants;
    const auto* data = static_cast<const std::byte*>(constant->get_data_ptr());
    EXPECT_TRUE(data < file->data() || data >= file->data() + file->size());
  }
  EXPECT_GE(constants, 1U);
  EXPECT_EQ(file.use_count(), 1) << "the graph holds the mapping no more";
}

TEST_F(ModelFolderTest, ReplacesAFolderThatWasConvertedBefore) {
  write_to(out_);
  std::ofstream(out_ / "stale") << "x";

  write_to(out_);

  EXPECT_FALSE(fs::exists(out_ / "stale"));
  EXPECT_EQ(entries(), 2U) << "something was left beside the folder";
}

TEST_F(ModelFolderTest, IsNotWrittenOverAFolderOfSomethingElse) {
  fs::create_directory(out_);
  std::ofstream(out_ / "thesis.tex") << "x";

  EXPECT_THAT([&] { write_to(out_); }, fails_with(ErrorCode::invalid_argument, "no model folder"));
  EXPECT_TRUE(fs::exists(out_ / "thesis.tex"));
}

TEST_F(ModelFolderTest, IsNotWrittenOverItsOwnCheckpoint) {
  EXPECT_THAT([&] { write_to(checkpoint_); }, fails_with(ErrorCode::invalid_argument, "no model folder"));
}

TEST_F(ModelFolderTest, LeavesNothingBehindWhenItCannotBeWritten) {
  const fs::path file = folder_.write("file", "x");

  EXPECT_THAT([&] { write_to(file / "out"); }, fails_with(ErrorCode::unavailable, "cannot be written"));
  EXPECT_EQ(entries(), 2U);
}

// OpenVINO's writer throws what no caller knew: a full disk was "a fault of the program".
TEST_F(ModelFolderTest, SaysThatItCannotBeWrittenWhereTheDiskIsFull) {
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
  const rlimit small{64, limit.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);

  EXPECT_THAT([&] { write_to(out_); }, fails_with(ErrorCode::unavailable, "cannot be written"));

  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  std::signal(SIGXFSZ, before);
  EXPECT_EQ(entries(), 1U);
}

TEST_F(ModelFolderTest, TakesANameWithASlashAtItsEnd) {
  write_to(folder_.path() / "out" / "");

  EXPECT_TRUE(is_model_folder(out_));
}

std::shared_ptr<ov::Model> passing_model(const ov::PartialShape& shape) {
  const auto x = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, shape);
  return std::make_shared<ov::Model>(ov::OutputVector{x}, ov::ParameterVector{x});
}

TEST(OutputsOf, AreTheSecondAxis) {
  EXPECT_EQ(outputs_of(*passing_model({-1, 3})), 3U);
  EXPECT_EQ(outputs_of(*passing_model({-1, -1})), 0U);
  EXPECT_EQ(outputs_of(*passing_model(ov::PartialShape::dynamic())), 0U);
}

// An embedding model's rows were longer than the labels, and were read and written beyond their ends.
TEST(OutputsOf, AGraphThatAnswersForEachTokenAreRefused) {
  EXPECT_THAT([] { outputs_of(*passing_model({-1, -1, 384})); },
              fails_with(ErrorCode::unsupported_model, "[texts, labels]"));
}

TEST_F(ModelFolderTest, OfDamagedXmlIsRefused) {
  write_to(out_);
  std::ofstream(out_ / "openvino_model.xml") << "<net";

  EXPECT_THAT([&] { read(out_); }, fails_with(ErrorCode::bad_checkpoint, "openvino_model.xml"));
}

TEST_F(ModelFolderTest, OfACutWeightFileIsRefused) {
  write_to(out_);
  fs::resize_file(out_ / "openvino_model.bin", 3);

  EXPECT_THAT([&] { read(out_); }, fails_with(ErrorCode::bad_checkpoint, "openvino_model"));
}

}  // namespace
}  // namespace tastevin::model_folder
