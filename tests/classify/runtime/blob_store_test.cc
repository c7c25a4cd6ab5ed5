#include "classify/runtime/blob_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <thread>

#include "support/fails_with.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace tastevin::runtime {
namespace {

namespace fs = std::filesystem;

class BlobStoreTest : public ::testing::Test {
 protected:
  static void store(const BlobStore& store, const std::string& key, const std::string& bytes) {
    store.store(key, [&bytes](std::ostream& out) { out << bytes; });
  }

  static std::string found(const BlobStore& store, const std::string& key) {
    const auto blob = store.find(key);
    return blob ? std::string(blob->file->text().substr(0, blob->size)) : "none";
  }

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path() / "blobs"))
      names.push_back(entry.path().filename().string());
    return names;
  }

  void used_hours_ago(const std::string& key, int hours) const {
    fs::last_write_time(file(key), fs::file_time_type::clock::now() - std::chrono::hours(hours));
  }

  fs::path file(const std::string& key) const { return folder_.path() / "blobs" / (key + BlobStore::kEnding); }

  TemporaryFolder folder_;
  BlobStore store_{folder_ / "blobs"};
};

TEST_F(BlobStoreTest, GivesBackWhatItWasGiven) {
  EXPECT_EQ(found(store_, "key"), "none");

  store(store_, "key", "some bytes");
  store(store_, "empty", "");

  EXPECT_EQ(found(store_, "key"), "some bytes");
  EXPECT_EQ(found(store_, "empty"), "");
  EXPECT_EQ(found(store_, "another"), "none");
}

TEST_F(BlobStoreTest, GivesBackTheLastOfTwo) {
  store(store_, "key", "some bytes");
  store(store_, "key", "others");

  EXPECT_EQ(found(store_, "key"), "others");
  EXPECT_THAT(names(), ::testing::SizeIs(1));
}

TEST_F(BlobStoreTest, IsOfNobodyElse) {
  store(store_, "key", "some bytes");

  EXPECT_EQ(fs::status(folder_ / "blobs").permissions(), fs::perms::owner_all);
}

TEST_F(BlobStoreTest, DeletesABlobThatIsDamagedAnywhere) {
  store(store_, "key", "some bytes");
  const std::string whole = read_file(file("key"));

  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string flipped = whole;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    folder_.write("blobs/key.tastevin-blob", flipped);
    EXPECT_THAT([&] { store_.find("key"); }, fails_with(ErrorCode::bad_checkpoint, "damaged")) << i;
    EXPECT_EQ(found(store_, "key"), "none");
  }
}

TEST_F(BlobStoreTest, DeletesABlobThatIsCutAnywhere) {
  store(store_, "key", "some bytes");
  const std::string whole = read_file(file("key"));

  for (std::size_t length = 0; length < whole.size(); ++length) {
    folder_.write("blobs/key.tastevin-blob", whole.substr(0, length));
    EXPECT_THAT([&] { store_.find("key"); }, fails_with(ErrorCode::bad_checkpoint, "damaged")) << length;
  }
}

TEST_F(BlobStoreTest, ForgetsWhatWasUsedLongestAgo) {
  const BlobStore small(folder_ / "blobs", 1000);
  store(small, "a", std::string(200, 'a'));
  store(small, "b", std::string(200, 'b'));
  used_hours_ago("a", 2);
  used_hours_ago("b", 3);
  EXPECT_EQ(found(small, "b"), std::string(200, 'b'));  // so it was used just now

  store(small, "c", std::string(400, 'c'));

  EXPECT_EQ(found(small, "a"), "none");
  EXPECT_EQ(found(small, "b"), std::string(200, 'b'));
  EXPECT_EQ(found(small, "c"), std::string(400, 'c'));
}

TEST_F(BlobStoreTest, KeepsTheNewestEvenAlone) {
  const BlobStore small(folder_ / "blobs", 100);

  store(small, "a", std::string(200, 'a'));

  EXPECT_EQ(found(small, "a"), std::string(200, 'a'));
}

TEST_F(BlobStoreTest, ClearsWhatAKilledProcessLeft) {
  const BlobStore small(folder_ / "blobs", 1000);
  store(small, "a", "a");
  folder_.write("blobs/b.tastevin-blob.new.1.0", std::string(2000, 'b'));
  fs::last_write_time(folder_ / "blobs/b.tastevin-blob.new.1.0",
                      fs::file_time_type::clock::now() - std::chrono::hours(1));

  store(small, "c", "c");

  EXPECT_THAT(names(), ::testing::UnorderedElementsAre("a.tastevin-blob", "c.tastevin-blob"));
}

// Whatever had .blob in its name was counted, and deleted.
TEST_F(BlobStoreTest, LeavesFilesOfOthersAlone) {
  const BlobStore small(folder_ / "blobs", 1000);
  store(small, "a", "a");
  folder_.write("blobs/photos.blob", std::string(2000, 'p'));
  fs::create_directory(folder_ / "blobs/x.tastevin-blob");

  store(small, "c", "c");

  EXPECT_THAT(names(),
              ::testing::UnorderedElementsAre("photos.blob", "x.tastevin-blob", "a.tastevin-blob", "c.tastevin-blob"));
}

TEST_F(BlobStoreTest, SaysThatItsFolderCannotBeMade) {
  const BlobStore nowhere(folder_.write("a file", "") / "blobs");

  EXPECT_EQ(found(nowhere, "key"), "none");
  EXPECT_THAT([&] { store(nowhere, "key", "bytes"); }, fails_with(ErrorCode::unavailable, "cannot be written"));
}

TEST_F(BlobStoreTest, LeavesNothingOnAFullDisk) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  auto* const handler = std::signal(SIGXFSZ, SIG_IGN);  // writing over the limit is an error then, as on a full disk
  const rlimit full{100, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &full);

  EXPECT_THAT([&] { store(store_, "key", std::string(5000, 'x')); }, fails_with(ErrorCode::unavailable, "whole"));

  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_THAT(names(), ::testing::IsEmpty());
}

TEST_F(BlobStoreTest, LetsNoReaderSeeHalfABlob) {
  std::jthread writer([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) store(store_, "key", std::string(100'000, 'x'));
  });

  for (int i = 0; i < 100; ++i) EXPECT_THAT(found(store_, "key"), ::testing::AnyOf("none", std::string(100'000, 'x')));
}

TEST(CacheFolder, IsTheOneAskedFor) {
  EXPECT_EQ(cache_folder("/some/folder"), "/some/folder");
  EXPECT_EQ(cache_folder("none"), "");
}

TEST(CacheFolder, IsTheUsersUnlessAskedFor) {
  ::setenv("HOME", "/me", 1);
  ::setenv("XDG_CACHE_HOME", "/caches", 1);
  EXPECT_EQ(cache_folder(""), "/caches/tastevin/compiled");
  ::setenv("XDG_CACHE_HOME", "not/absolute", 1);  // to be ignored, says the specification
  EXPECT_EQ(cache_folder(""), "/me/.cache/tastevin/compiled");
  ::unsetenv("XDG_CACHE_HOME");
  EXPECT_EQ(cache_folder(""), "/me/.cache/tastevin/compiled");
  ::unsetenv("HOME");
  EXPECT_EQ(cache_folder(""), "");
}

}  // namespace
}  // namespace tastevin::runtime
