#include "prepare/checkpoint/tensor_store.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "support/fails_with.h"
#include "support/files.h"
#include "support/safetensors_bytes.h"
#include "support/temporary_folder.h"

namespace tastevin::checkpoint {
namespace {

const std::string kFile = safetensors_bytes(R"({"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})", "xy");

TEST(TensorStore, FindsATensorByName) {
  const TemporaryFolder folder;
  folder.write("model.safetensors", kFile);

  const TensorStore store = TensorStore::open(folder.path());

  ASSERT_NE(store.find("w"), nullptr);
  EXPECT_EQ(store.find("w")->shape, std::vector<std::size_t>{2});
}

TEST(TensorStore, HasNoTensorOfAnotherName) { EXPECT_EQ(TensorStore({}).find("w"), nullptr); }

TEST(TensorStore, OpensShardsWhereThereIsAnIndex) {
  const TemporaryFolder folder;
  folder.write("model-00001-of-00001.safetensors", kFile);
  folder.write("model.safetensors.index.json", R"({"weight_map":{"w":"model-00001-of-00001.safetensors"}})");

  EXPECT_NE(TensorStore::open(folder.path()).find("w"), nullptr);
}

TEST(TensorStore, PrefersTheWholeFileToAnIndexAndToOtherForms) {
  const TemporaryFolder folder;
  folder.write("model.safetensors", kFile);
  folder.write("model.safetensors.index.json", "damaged");
  folder.write("pytorch_model.bin", "");

  EXPECT_NE(TensorStore::open(folder.path()).find("w"), nullptr);
}

void copy_golden(const TemporaryFolder& folder, const char* golden, const char* name) {
  std::filesystem::copy_file(source_file("tests/golden/pickle") / golden, folder / name);
}

TEST(TensorStore, OpensAFileOfTorch) {
  const TemporaryFolder folder;
  copy_golden(folder, "zip.bin", "pytorch_model.bin");

  EXPECT_NE(TensorStore::open(folder.path()).find("weight"), nullptr);
}

TEST(TensorStore, OpensShardsOfTorch) {
  const TemporaryFolder folder;
  copy_golden(folder, "zip.bin", "pytorch_model-00001-of-00002.bin");
  copy_golden(folder, "legacy.bin", "pytorch_model-00002-of-00002.bin");
  folder.write("pytorch_model.bin.index.json", R"({"weight_map":{"weight":"pytorch_model-00001-of-00002.bin",)"
                                               R"("legacy.bias":"pytorch_model-00002-of-00002.bin"}})");

  EXPECT_EQ(TensorStore::open(folder.path()).all().size(), 6U);
}

TEST(TensorStore, RefusesShardsOfTorchThatAreDamagedLikeThoseOfSafetensors) {
  const TemporaryFolder folder;
  copy_golden(folder, "zip.bin", "pytorch_model-00001-of-00002.bin");
  const auto opening = [&folder](const std::string& file) {
    folder.write("pytorch_model.bin.index.json", R"({"weight_map":{"weight":")" + file + "\"}}");
    return [&folder] { TensorStore::open(folder.path()); };
  };

  EXPECT_THAT(opening("pytorch_model-00001-of-00002.bin"), fails_with(ErrorCode::bad_checkpoint, "partial"));
  EXPECT_THAT(opening("../pytorch_model.bin"), fails_with(ErrorCode::bad_checkpoint, "file in this folder"));
  EXPECT_THAT(opening("absent.bin"), fails_with(ErrorCode::bad_checkpoint, "absent.bin"));
}

TEST(TensorStore, PrefersAnIndexOfSafetensorsToAFileOfTorch) {
  const TemporaryFolder folder;
  folder.write("model-00001-of-00001.safetensors", kFile);
  folder.write("model.safetensors.index.json", R"({"weight_map":{"w":"model-00001-of-00001.safetensors"}})");
  copy_golden(folder, "zip.bin", "pytorch_model.bin");

  EXPECT_NE(TensorStore::open(folder.path()).find("w"), nullptr);
}

TEST(TensorStore, NamesAFormThatIsNotRead) {
  for (const char* name : {"tf_model.h5", "model.ckpt.index", "flax_model.msgpack", "adapter_model.safetensors"}) {
    const TemporaryFolder folder;
    folder.write(name, "");
    EXPECT_THAT([&] { TensorStore::open(folder.path()); }, fails_with(ErrorCode::unsupported_model, name));
  }
}

TEST(TensorStore, OfAFolderWithoutWeightsSaysSo) {
  const TemporaryFolder folder;

  EXPECT_THAT([&] { TensorStore::open(folder.path()); }, fails_with(ErrorCode::not_found, "model.safetensors"));
}

TEST(TensorStore, OfNoFolderSaysSo) {
  const TemporaryFolder folder;
  const auto file = folder.write("model.safetensors", kFile);

  EXPECT_THAT([&] { TensorStore::open(folder.path() / "absent"); }, fails_with(ErrorCode::not_found, "found nothing"));
  EXPECT_THAT([&] { TensorStore::open(file); }, fails_with(ErrorCode::not_found, "something else"));
}

// A snapshot of the Hub's cache is links; an interrupted download leaves one that leads nowhere.
TEST(TensorStore, OfALinkToNothingNamesTheLink) {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("../blobs/absent", folder.path() / "model.safetensors");
  folder.write("pytorch_model.bin", "");

  EXPECT_THAT([&] { TensorStore::open(folder.path()); },
              fails_with(ErrorCode::not_found, "model.safetensors: cannot be"));
}

TEST(TensorStore, FollowsALink) {
  const TemporaryFolder folder;
  std::filesystem::create_symlink(folder.write("blob", kFile), folder.path() / "model.safetensors");

  EXPECT_NE(TensorStore::open(folder.path()).find("w"), nullptr);
}

TEST(DTypes, HaveTheirSizeAndName) {
  constexpr std::pair<DType, std::pair<std::size_t, const char*>> kFacts[] = {
      {DType::f64, {8, "f64"}}, {DType::f32, {4, "f32"}},        {DType::f16, {2, "f16"}}, {DType::bf16, {2, "bf16"}},
      {DType::i64, {8, "i64"}}, {DType::i32, {4, "i32"}},        {DType::i16, {2, "i16"}}, {DType::i8, {1, "i8"}},
      {DType::u8, {1, "u8"}},   {DType::boolean, {1, "boolean"}}};
  for (const auto& [dtype, fact] : kFacts) {
    EXPECT_EQ(size_of(dtype), fact.first) << fact.second;
    EXPECT_EQ(name_of(dtype), fact.second);
  }
}

TEST(TensorStore, OpensTheBundledCheckpoint) {
  const TensorStore store = TensorStore::open(TASTEVIN_SOURCE_DIR "/models/sst2-tiny");

  const TensorView* embeddings = store.find("distilbert.embeddings.word_embeddings.weight");
  ASSERT_NE(embeddings, nullptr);
  EXPECT_EQ(embeddings->dtype, DType::f16);
  EXPECT_EQ(embeddings->shape, (std::vector<std::size_t>{30522, 128}));
}

}  // namespace
}  // namespace tastevin::checkpoint
