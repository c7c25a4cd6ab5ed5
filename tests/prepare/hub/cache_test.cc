#include "prepare/hub/cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

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

TEST(FileLock, KeepsAnotherProcessOut) {
  const TemporaryFolder folder;
  const fs::path path = folder / "locks/a.lock";
  const FileLock lock(path, [] {});

  const pid_t child = ::fork();
  if (child == 0) {
    const FileLock other(path, [] { ::_exit(7); });
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);

  EXPECT_EQ(WEXITSTATUS(status), 7);
}

// A holder that deletes its lock file would otherwise let two in: one on the old file, one on the new.
TEST(FileLock, IsOfTheFileThatHasTheName) {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.lock";
  auto first = std::make_unique<FileLock>(path, [] {});
  const auto let_go = [&] {
    fs::remove(path);
    first.reset();
  };

  const FileLock second(path, let_go);

  EXPECT_TRUE(fs::exists(path));
}

}  // namespace
}  // namespace tastevin::hub
