#include "classify/runtime/compile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include <openvino/op/ops.hpp>

#include "classify/runtime/blob_store.h"
#include "support/temporary_folder.h"

namespace tastevin::runtime {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kWidth = 16;

std::shared_ptr<ov::Node> scalar(float value) { return ov::op::v0::Constant::create(ov::element::f32, {}, {value}); }

/// Two layers of width 16, [B,16] -> [B,16]; `quantized` puts a FakeQuantize before each product.
std::shared_ptr<ov::Model> two_layers(bool quantized, float weight = 0.02F) {
  const auto input = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::PartialShape{-1, kWidth});
  ov::Output<ov::Node> x = input;
  std::mt19937 dice(1);
  for (int layer = 0; layer < 2; ++layer) {
    std::vector<std::int8_t> codes(kWidth * kWidth);
    for (auto& code : codes) code = static_cast<std::int8_t>(static_cast<int>(dice() % 255) - 127);
    const auto stored =
        ov::op::v0::Constant::create(ov::element::i8, {static_cast<std::size_t>(kWidth), kWidth}, codes);
    const auto weights = std::make_shared<ov::op::v1::Multiply>(
        std::make_shared<ov::op::v0::Convert>(stored, ov::element::f32), scalar(weight));
    if (quantized) {
      x = std::make_shared<ov::op::v0::FakeQuantize>(x, scalar(-4), scalar(4), scalar(-4), scalar(4), 256);
    }
    x = std::make_shared<ov::op::v0::Relu>(std::make_shared<ov::op::v0::MatMul>(x, weights));
  }
  return std::make_shared<ov::Model>(ov::OutputVector{x}, ov::ParameterVector{input});
}

class CompileTest : public ::testing::Test {
 protected:
  Compiled compile(const std::shared_ptr<ov::Model>& model, const ov::AnyMap& properties = {}) const {
    return runtime::compile(model, "CPU", properties, cache_);
  }

  static std::vector<float> answer(Compiled& compiled) {
    auto request = compiled.model.create_infer_request();
    ov::Tensor input(ov::element::f32, {3, static_cast<std::size_t>(kWidth)});
    for (std::size_t i = 0; i < input.get_size(); ++i) input.data<float>()[i] = static_cast<float>(i % 7) - 3;
    request.set_input_tensor(input);
    request.infer();
    const ov::Tensor output = request.get_output_tensor();
    return {output.data<float>(), output.data<float>() + output.get_size()};
  }

  std::vector<fs::path> blobs() const {
    std::vector<fs::path> files;
    if (!fs::exists(cache_)) return files;
    for (const auto& entry : fs::directory_iterator(cache_)) files.push_back(entry.path());
    return files;
  }

  TemporaryFolder folder_;
  fs::path cache_ = folder_ / "cache";
};

TEST_F(CompileTest, KeepsAQuantizedGraphAndItsAnswers) {
  Compiled first = compile(two_layers(true));
  Compiled second = compile(two_layers(true));  // its nodes are numbered differently

  EXPECT_EQ(first.blob, nullptr);
  EXPECT_NE(second.blob, nullptr);
  EXPECT_EQ(second.warning, "");
  EXPECT_EQ(answer(first), answer(second));
  EXPECT_THAT(blobs(), ::testing::SizeIs(1));
}

TEST_F(CompileTest, KeepsNoOtherGraph) {
  compile(two_layers(false));

  EXPECT_THAT(blobs(), ::testing::IsEmpty());
}

TEST_F(CompileTest, KeepsNothingWithoutACache) {
  const Compiled compiled = runtime::compile(two_layers(true), "CPU", {}, {});

  EXPECT_EQ(compiled.blob, nullptr);
  EXPECT_EQ(compiled.warning, "");
}

TEST_F(CompileTest, TellsApartWeightsAndOptions) {
  Compiled first = compile(two_layers(true, 0.02F));
  Compiled other_weights = compile(two_layers(true, 0.03F));
  const Compiled other_options = compile(two_layers(true, 0.02F), {ov::num_streams(2)});

  EXPECT_EQ(other_weights.blob, nullptr);
  EXPECT_EQ(other_options.blob, nullptr);
  EXPECT_NE(answer(first), answer(other_weights));
  EXPECT_THAT(blobs(), ::testing::SizeIs(3));
}

TEST_F(CompileTest, WarnsOfADamagedBlobAndCompiles) {
  Compiled first = compile(two_layers(true));
  const fs::path blob = blobs().front();
  fs::resize_file(blob, fs::file_size(blob) / 2);

  Compiled second = compile(two_layers(true));
  const Compiled third = compile(two_layers(true));

  EXPECT_EQ(second.blob, nullptr);
  EXPECT_THAT(second.warning,
              ::testing::AllOf(::testing::HasSubstr("damaged"), ::testing::StartsWith("compiled anew")));
  EXPECT_EQ(answer(first), answer(second));
  EXPECT_NE(third.blob, nullptr);  // it was made anew
}

TEST_F(CompileTest, WarnsOfABlobThatOpenVinoDoesNotRead) {
  compile(two_layers(true));
  const std::string key = blobs().front().stem().string();
  BlobStore(cache_).store(key, [](std::ostream& out) { out << "not a compiled model"; });

  Compiled second = compile(two_layers(true));

  EXPECT_EQ(second.blob, nullptr);
  EXPECT_THAT(second.warning, ::testing::HasSubstr("cannot be read back"));
  EXPECT_NE(compile(two_layers(true)).blob, nullptr);
}

TEST_F(CompileTest, WarnsOfABlobThatAnswersOtherwise) {
  // Models read back from a cache have answered garbage elsewhere, and nobody noticed.
  compile(two_layers(true));
  const std::string key = blobs().front().stem().string();
  std::string bytes;
  {
    const auto blob = BlobStore(cache_).find(key);
    bytes = blob->file->text().substr(0, blob->size);
  }
  char& answered = bytes[bytes.size() - sizeof(std::uint64_t) - 1];  // the last byte of the answer that was kept
  answered = static_cast<char>(answered ^ 1);
  BlobStore(cache_).store(key, [&bytes](std::ostream& out) { out << bytes; });

  Compiled second = compile(two_layers(true));

  EXPECT_EQ(second.blob, nullptr);
  EXPECT_THAT(second.warning, ::testing::HasSubstr("answers otherwise"));
  EXPECT_NE(compile(two_layers(true)).blob, nullptr);
}

TEST_F(CompileTest, WarnsOfAFolderThatCannotBeWritten) {
  cache_ = folder_.write("a file", "") / "cache";

  Compiled compiled = compile(two_layers(true));

  EXPECT_THAT(compiled.warning, ::testing::HasSubstr("cannot be written"));
  EXPECT_THAT(answer(compiled), ::testing::SizeIs(3 * kWidth));
}

// An int8 model of others collapsed on a CPU without VNNI, and nothing had said that it might.
TEST(Int8Warning, IsOfQuantizedActivationsWithoutByteProducts) {
  const CpuFeatures plain{.avx2 = true};
  EXPECT_THAT(int8_warning(*two_layers(true), plain), ::testing::HasSubstr("neither VNNI nor AMX"));
  EXPECT_EQ(int8_warning(*two_layers(false), plain), "");
  EXPECT_EQ(int8_warning(*two_layers(true), {.vnni = true}), "");
}

}  // namespace
}  // namespace tastevin::runtime
