#include "tastevin/convert.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/files.h"
#include "support/temporary_folder.h"

namespace tastevin {
namespace {

class ConvertTest : public ::testing::Test {
 protected:
  std::size_t bytes_of_weights(WeightFormat format) {
    convert(source_file("tests/golden/tiny/gelu-f32"), folder_ / "out", {.weights = format});
    return std::filesystem::file_size(folder_ / "out/openvino_model.bin");
  }

  TemporaryFolder folder_;
};

TEST_F(ConvertTest, TellsWhatItWrote) {
  const ModelInfo info = convert(source_file("models/sst2-tiny"), folder_ / "out");

  EXPECT_EQ(info.form, "model folder");
  EXPECT_EQ(info.weights, "f16");
  EXPECT_EQ(info.labels, (std::vector<std::string>{"NEGATIVE", "POSITIVE"}));
}

TEST_F(ConvertTest, StoresWeightsAsTheCheckpointDoesUnlessTold) {
  const auto kept = static_cast<double>(bytes_of_weights(WeightFormat::keep));

  EXPECT_NEAR(static_cast<double>(bytes_of_weights(WeightFormat::f32)) / kept, 1.0, 0.01);
  EXPECT_NEAR(static_cast<double>(bytes_of_weights(WeightFormat::f16)) / kept, 0.5, 0.02);
}

TEST_F(ConvertTest, TakesItsOwnOutputForAModel) {
  convert(source_file("models/sst2-tiny"), folder_ / "out");

  EXPECT_EQ(inspect(folder_ / "out").parameters, inspect(source_file("models/sst2-tiny")).parameters);
}

}  // namespace
}  // namespace tastevin
