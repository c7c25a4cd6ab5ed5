#include "prepare/hub/cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fails_with.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace tastevin::hub {
namespace {

namespace fs = std::filesystem;
using testing::UnorderedElementsAre;

const std::string kCommit(40, 'a');

TEST(CachedModel, KnowsTheCommitOfARevisionThatWasWritten) {
  const TemporaryFolder folder;
  const CachedModel model(folder.path(), "org/name");

  model.write_ref("refs/pr/1", kCommit);

  EXPECT_EQ(model.commit_of("refs/pr/1"), kCommit);
  EXPECT_EQ(read_file(folder / "models--org--name/refs/refs/pr/1"), kCommit);
  EXPECT_EQ(model.commit_of("main"), std::nullopt);
}

TEST(CachedModel, TakesACommitAsItself) {
  const TemporaryFolder folder;
  const CachedModel model(folder.path(), "org/name");

  model.write_ref(kCommit, kCommit);

  EXPECT_EQ(model.commit_of(kCommit), kCommit);
  EXPECT_FALSE(fs::exists(folder / "models--org--name/refs"));
}

TEST(CachedModel, IgnoresARefThatHoldsNoCommit) {
  const TemporaryFolder folder;
  const CachedModel model(folder.path(), "name");
  model.write_ref("main", "../../../elsewhere");

  EXPECT_EQ(model.commit_of("main"), std::nullopt);
}

TEST(CachedModel, ListsLinksThatLeadToAFile) {
  const TemporaryFolder folder;
  const CachedModel model(folder.path(), "name");
  make_folder(model.blob(""));
  folder.write("models--name/blobs/e1", "bytes");

  model.link(kCommit, "onnx/model.onnx", "e1");
  model.link(kCommit, "config.json", "e1");
  model.link(kCommit, "gone.json", "e2");

  EXPECT_THAT(model.files_of(kCommit), UnorderedElementsAre("onnx/model.onnx", "config.json"));
}

TEST(CachedModel, LinksAgainToAnotherBlob) {
  const TemporaryFolder folder;
  const CachedModel model(folder.path(), "name");

  model.link(kCommit, "config.json", "e1");
  model.link(kCommit, "config.json", "e2");

  EXPECT_EQ(fs::read_symlink(model.snapshot(kCommit) / "config.json"), "../../blobs/e2");
}

TEST(CachedModel, InAFolderThatCannotBeWrittenSaysSo) {
  const TemporaryFolder folder;
  const CachedModel model(folder.write("file", ""), "name");

  EXPECT_THAT([&] { model.write_ref("main", kCommit); }, fails_with(ErrorCode::unavailable, "cannot be made"));
}

}  // namespace
}  // namespace tastevin::hub
