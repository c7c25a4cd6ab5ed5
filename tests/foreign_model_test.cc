// Models that others made: IR without our anchors, and ONNX.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/json.h"
#include "model_folder/model_folder.h"
#include "support/expect_golden.h"
#include "support/fails_with.h"
#include "support/family_golden.h"
#include "support/files.h"
#include "support/foreign_ir.h"
#include "support/temporary_folder.h"
#include "tastevin/convert.h"

namespace tastevin {
namespace {

TEST(ForeignModel, InIrRunsInPaddedBatches) {
  const TemporaryFolder folder;
  const auto classifier = Classifier::load(foreign_ir(folder));

  EXPECT_EQ(classifier.info().form, "OpenVINO IR");
  expect_golden(classifier, golden_cases(source_file("tests/golden/tiny/gelu-f32/golden.json")));
}

/// What `text` says `from` of, said `to` of.
std::string with(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// One text was answered; two failed, and so did every text of a graph of one length.
TEST(ForeignModel, OfOneTextOrOneLengthTakesOthersToo) {
  const TemporaryFolder folder;
  const auto model = foreign_ir(folder);
  const std::string xml = read_file(model / "openvino_model.xml");
  for (const char* shape : {"1,?", "?,8"}) {
    std::ofstream(model / "openvino_model.xml")
        << with(xml, R"(shape="?,?")", R"(shape=")" + std::string(shape) + "\"");
    expect_golden(Classifier::load(model), golden_cases(source_file("tests/golden/tiny/gelu-f32/golden.json")));
  }
}

/// The tiny checkpoint's folder with `files` of the ONNX goldens, below `place`, instead of its weights.
std::filesystem::path onnx_folder(const TemporaryFolder& folder, std::initializer_list<const char*> files,
                                  const char* place = ".") {
  const auto model = folder.copy_of(source_file("tests/golden/tiny/gelu-f32"), "model");
  std::filesystem::remove(model / "model.safetensors");
  std::filesystem::create_directories(model / place);
  for (const char* file : files)
    std::filesystem::copy_file(source_file("tests/golden/onnx") / file, model / place / file);
  return model;
}

TEST(ForeignModel, InOnnxRunsInPaddedBatches) {
  const TemporaryFolder folder;
  const auto model = onnx_folder(folder, {"model.onnx"});

  const auto classifier = Classifier::load(model);

  EXPECT_EQ(classifier.info().form, "ONNX");
  expect_golden(classifier, golden_cases(model / "golden.json"));
}

/// A golden model of `family` in a folder with the tokenizer of BERT.
std::filesystem::path with_the_tokenizer_of_bert(const TemporaryFolder& folder, const std::string& family) {
  const Json golden = read_json_object(source_file("tests/golden/families/" + family + ".json"));
  const auto checkpoint = folder.copy_of(source_file("tests/golden/tiny/gelu-f32"), family + "-checkpoint");
  std::ofstream(checkpoint / "config.json") << golden.at("config").dump();
  model_folder::write(folder / family, golden_graph(golden, family, folder), checkpoint,
                      {.family = family, .source = family, .weights = "keep"});
  return folder / family;
}

// A graph that wants types got none, or one that knows none got them.
TEST(ForeignModel, GetsTheInputsThatItsGraphDeclares) {
  const TemporaryFolder folder;
  for (const char* family : {"bert", "mpnet", "xlm-roberta"}) {
    const auto classifier = Classifier::load(with_the_tokenizer_of_bert(folder, family));
    const std::vector<Text> pair{{"a good film", "not good"}};
    EXPECT_EQ(classifier.classify(pair, {.top_k = 0}).predictions.front().scores.size(),
              classifier.info().labels.size());
  }
}

// Packed, it would have read the token of another text.
TEST(ForeignModel, OfBartWantsTheEndTokenThatItReads) {
  const TemporaryFolder folder;
  EXPECT_THAT([&] { Classifier::load(with_the_tokenizer_of_bert(folder, "bart")); },
              fails_with(ErrorCode::bad_checkpoint, "eos_token_id"));
}

TEST(ForeignModel, IsNamedByItsOnnxFile) {
  const TemporaryFolder folder;
  const auto model = onnx_folder(folder, {"model.onnx"}, "onnx");
  std::filesystem::rename(model / "onnx/model.onnx", model / "onnx/model_other.onnx");

  const auto classifier = Classifier::load(model / "onnx/model_other.onnx");

  EXPECT_EQ(classifier.info().form, "ONNX");
  EXPECT_EQ(classifier.info().folder, model);
  expect_golden(classifier, golden_cases(model / "golden.json"));
}

TEST(ForeignModel, InOnnxMayHaveItsTensorsOutsideTheFile) {
  const TemporaryFolder folder;
  const auto model = onnx_folder(folder, {"external.onnx", "external.onnx_data"});

  expect_golden(Classifier::load(model / "external.onnx"), golden_cases(model / "golden.json"));
}

TEST(ForeignModel, InOnnxFindsItsTensorsThroughTheLinksOfTheHubsCache) {
  const TemporaryFolder folder;
  const auto model = onnx_folder(folder, {"external.onnx", "external.onnx_data"}, "blobs");
  for (const auto& [link, blob] : {std::pair("external.onnx", "e1"), {"external.onnx_data", "e2"}}) {
    std::filesystem::rename(model / "blobs" / link, model / "blobs" / blob);
    std::filesystem::create_symlink(std::filesystem::path("blobs") / blob, model / link);
  }

  expect_golden(Classifier::load(model / "external.onnx"), golden_cases(model / "golden.json"));
}

// Two graphs of a folder shared what was learnt about one of them, and a job went on with the other's answers.
TEST(ForeignModel, OfSeveralOnnxFilesHasItsOwnNameFilesAndCalibration) {
  const TemporaryFolder folder;
  const auto model = onnx_folder(folder, {"model.onnx"});
  std::filesystem::copy_file(model / "model.onnx", model / "other.onnx");
  std::ofstream(model / "notes.txt") << "of nobody";

  const ModelInfo of_folder = inspect(model);
  const ModelInfo first = inspect(model / "model.onnx");
  const ModelInfo other = inspect(model / "other.onnx");

  EXPECT_EQ(of_folder.name, "model");
  EXPECT_EQ(first.calibration_file, of_folder.calibration_file) << "the same graph";
  EXPECT_EQ(other.name, "model/other.onnx");
  EXPECT_EQ(other.calibration_file, model / "other.calibration.json");
  EXPECT_THAT(first.files, ::testing::Contains(model / "model.onnx"));
  EXPECT_THAT(other.files, ::testing::Contains(model / "other.onnx"));
  EXPECT_THAT(other.files, ::testing::Not(::testing::Contains(model / "model.onnx")));
  EXPECT_THAT(first.files, ::testing::Not(::testing::Contains(model / "notes.txt")));
  EXPECT_THAT(first.files, ::testing::Contains(model / "tokenizer.json"));
}

TEST(ForeignModel, InOnnxWithoutItsTensorsIsRefused) {
  const TemporaryFolder folder;
  const auto model = onnx_folder(folder, {"external.onnx"});

  EXPECT_THAT([&] { Classifier::load(model / "external.onnx"); },
              fails_with(ErrorCode::bad_checkpoint, "external.onnx"));
}

TEST(ForeignModel, InAnOnnxFileAloneIsRefused) {
  const TemporaryFolder folder;
  const auto file = folder / "model.onnx";
  std::filesystem::copy_file(source_file("tests/golden/onnx/model.onnx"), file);

  EXPECT_THAT([&] { Classifier::load(file); }, fails_with(ErrorCode::not_found, "config.json"));
}

TEST(ForeignModel, OfAnotherKindOfFileIsRefused) {
  EXPECT_THAT([&] { Classifier::load(source_file("README.md")); }, fails_with(ErrorCode::not_found, ".onnx"));
}

TEST(ForeignModel, WithFewerOutputsThanLabelsIsRefused) {
  const TemporaryFolder folder;
  const auto model = foreign_ir(folder);
  Json config = read_json_object(model / "config.json");
  config["id2label"] = {{"0", "a"}, {"1", "b"}};
  std::ofstream(model / "config.json") << config.dump();

  EXPECT_THAT([&] { Classifier::load(model); }, fails_with(ErrorCode::bad_checkpoint, "2 labels"));
}

}  // namespace
}  // namespace tastevin
