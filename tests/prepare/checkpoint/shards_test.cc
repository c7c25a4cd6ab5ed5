#include "prepare/checkpoint/shards.h"

#include <gtest/gtest.h>

#include "prepare/checkpoint/safetensors.h"
#include "support/fails_with.h"
#include "support/safetensors_bytes.h"
#include "support/temporary_folder.h"

namespace tastevin::checkpoint {
namespace {

constexpr const char* kFirst = "model-00001-of-00002.safetensors";
constexpr const char* kSecond = "model-00002-of-00002.safetensors";

std::string one_tensor(const std::string& name, const std::string& byte) {
  return safetensors_bytes(R"({")" + name + R"(":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", byte);
}

class ReadShards : public testing::Test {
 protected:
  void write_both_files() const {
    folder_.write(kFirst, one_tensor("a", "x"));
    folder_.write(kSecond, one_tensor("b", "y"));
  }

  Tensors read(const std::string& weight_map) const {
    return read_shards(
        folder_.write("model.safetensors.index.json", R"({"metadata":{},"weight_map":)" + weight_map + "}"),
        read_safetensors);
  }

  auto reading(const std::string& weight_map) const {
    return [this, weight_map] { read(weight_map); };
  }

  TemporaryFolder folder_;
};

TEST_F(ReadShards, GivesTheTensorsOfEveryFile) {
  write_both_files();

  const Tensors tensors = read(R"({"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"})");

  EXPECT_EQ(static_cast<char>(*tensors.at("a").data), 'x');
  EXPECT_EQ(static_cast<char>(*tensors.at("b").data), 'y');
}

TEST_F(ReadShards, TakesFilesOutsideANumberedSeries) {
  folder_.write("all.safetensors", one_tensor("a", "x"));

  EXPECT_EQ(read(R"({"a":"all.safetensors"})").size(), 1U);
}

// sgl-project/sglang#32279: the rest was loaded and the answers were garbage.
TEST_F(ReadShards, NamesAFileThatIsNotThere) {
  folder_.write(kFirst, one_tensor("a", "x"));

  EXPECT_THAT(reading(R"({"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"})"),
              refused(kSecond));
}

// unslothai/unsloth#7375
TEST_F(ReadShards, SaysThatAnIndexOfPartOfTheSeriesIsPartial) {
  write_both_files();

  EXPECT_THAT(reading(R"({"a":"model-00001-of-00002.safetensors"})"), refused("partial"));
}

TEST_F(ReadShards, NamesATensorThatIsNotInItsFile) {
  write_both_files();

  EXPECT_THAT(reading(R"({"a":"model-00001-of-00002.safetensors","c":"model-00002-of-00002.safetensors"})"),
              refused("tensor 'c'"));
}

TEST_F(ReadShards, NamesATensorThatIsInTwoFiles) {
  folder_.write(kFirst, one_tensor("a", "x"));
  folder_.write(kSecond, one_tensor("a", "y"));

  EXPECT_THAT(reading(R"({"a":"model-00001-of-00002.safetensors","a2":"model-00002-of-00002.safetensors"})"),
              refused("tensor 'a2'"));
  folder_.write("x.safetensors", one_tensor("a", "x"));
  folder_.write("y.safetensors", safetensors_bytes(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                                                   R"("b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
                                                   "yy"));
  EXPECT_THAT(reading(R"({"a":"x.safetensors","b":"y.safetensors"})"), refused("tensor 'a': in two files"));
}

TEST_F(ReadShards, NeverLeavesTheFolder) {
  for (const char* name :
       {"../a.safetensors", "/etc/passwd", "sub/a.safetensors", "..", ".", "", "a\\\\b", "a\\u0000b"}) {
    EXPECT_THAT(reading(R"({"a":")" + std::string(name) + "\"}"), refused("file in this folder")) << name;
  }
}

TEST_F(ReadShards, RefusesAnIndexWithoutAWeightMap) {
  for (const char* weight_map : {"null", "[]", "{}", "7"}) EXPECT_THAT(reading(weight_map), refused("weight_map"));
  EXPECT_THAT([&] { read_shards(folder_.write("index.json", "{}"), read_safetensors); }, refused("weight_map"));
}

TEST_F(ReadShards, RefusesAFileNameThatIsNoString) { EXPECT_THAT(reading(R"({"a":7})"), refused("tensor 'a'")); }

TEST_F(ReadShards, RefusesADamagedFileByItsName) {
  folder_.write(kFirst, one_tensor("a", "x"));
  folder_.write(kSecond, "short");

  EXPECT_THAT(reading(R"({"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"})"),
              refused(kSecond));
}

}  // namespace
}  // namespace tastevin::checkpoint
