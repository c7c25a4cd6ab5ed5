// Downloads that are interrupted, damaged, or shared with another program.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <atomic>
#include <fstream>
#include <future>

#include "base/file_lock.h"
#include "hub_and_cache.h"
#include "prepare/hub/cache.h"
#include "support/fails_with.h"

namespace tastevin::hub {
namespace {

using testing::ElementsAre;

constexpr char kOf[] = "model.safetensors";

std::string weights() {
  std::string bytes;
  for (unsigned i = 0; i < 500'000; ++i) bytes += static_cast<char>(i * 2654435761U >> 24U);
  return bytes;
}

class Resume : public testing::Test {
 protected:
  Resume() { here.add_model("org/name", weights()); }

  void fault(const std::string& members) { here.hub.order(R"({"do": "fault", "path": "cdn", )" + members + "}"); }

  std::filesystem::path incomplete_blob() const {
    for (const auto& entry : std::filesystem::directory_iterator(here.cached("models--org--name/blobs"))) {
      if (entry.path().extension() == ".incomplete") return entry.path();
    }
    return {};
  }

  /// Leaves `bytes` where an earlier download that was killed would have.
  void leave_incomplete(std::string_view bytes) {
    fault(R"("times": 3, "status": 503)");
    EXPECT_THROW(here.pull("org/name"), Error);
    std::ofstream(incomplete_blob(), std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    here.hub.requests();
  }

  void expect_weights(const std::filesystem::path& folder) { EXPECT_EQ(read_file(folder / kOf), weights()); }

  HubAndCache here;
};

TEST_F(Resume, GoesOnWhereTheConnectionWasLost) {
  fault(R"("times": 1, "cut_after": 200000)");

  expect_weights(here.pull("org/name"));

  EXPECT_THAT(here.requests_of("/org/name/main/model.safetensors"), ElementsAre("GET", "GET bytes=200000-"));
}

TEST_F(Resume, GoesOnWhereAnEarlierPullEnded) {
  leave_incomplete(weights().substr(0, 123'456));
  std::size_t resumed = 0;

  expect_weights(here.pull("org/name", {.progress = [&](const PullProgress& progress) {
                             if (progress.file == kOf) resumed = progress.resumed;
                           }}));

  EXPECT_THAT(here.requests_of("/org/name/main/model.safetensors"), ElementsAre("GET bytes=123456-"));
  EXPECT_EQ(resumed, 123'456U);
}

TEST_F(Resume, TakesAFileThatLackedOnlyItsName) {
  leave_incomplete(weights());

  expect_weights(here.pull("org/name"));

  EXPECT_THAT(here.requests_of("/org/name/main/model.safetensors"), ElementsAre());
}

TEST_F(Resume, StartsOverWhenTheServerKnowsNoRanges) {
  leave_incomplete(weights().substr(0, 1000));
  fault(R"("ignore_range": true)");

  expect_weights(here.pull("org/name"));
}

TEST_F(Resume, StartsOverWhenWhatWasHereIsNotTheFile) {
  leave_incomplete(std::string(1000, 'x'));

  expect_weights(here.pull("org/name"));

  EXPECT_THAT(here.requests_of("/org/name/main/model.safetensors"), ElementsAre("GET bytes=1000-", "GET"));
}

TEST_F(Resume, StartsOverWhenWhatWasHereIsLongerThanTheFile) {
  leave_incomplete(std::string(600'000, 'x'));

  expect_weights(here.pull("org/name"));
}

TEST_F(Resume, RefusesARangeThatBeginsElsewhere) {
  leave_incomplete(weights().substr(0, 1000));
  fault(R"("set": {"Content-Range": "bytes 5-499999/500000"})");

  EXPECT_THAT([&] { here.pull("org/name"); }, fails_with(ErrorCode::unavailable, "bytes 5-"));
}

TEST_F(Resume, IsTriedAsLongAsNewBytesCome) {
  fault(R"("times": 7, "cut_after": 50000)");

  expect_weights(here.pull("org/name"));
}

TEST_F(Resume, EndsWhenNoNewBytesComeAndKeepsWhatCame) {
  fault(R"("times": 1, "cut_after": 200000)");
  fault(R"("cut_after": 0)");

  EXPECT_THAT([&] { here.pull("org/name"); }, fails_with(ErrorCode::unavailable, "lost " + here.hub.cdn()));
  EXPECT_EQ(std::filesystem::file_size(incomplete_blob()), 200'000U);
}

TEST_F(Resume, GoesOnAfterASilence) {
  fault(R"("times": 1, "stall_after": 100)");

  expect_weights(here.pull("org/name"));

  EXPECT_THAT(here.requests_of("/org/name/main/model.safetensors"), ElementsAre("GET", "GET bytes=100-"));
}

TEST_F(Resume, RefusesBytesThatDifferFromTheirSha256) {
  fault(R"("flip": 300000)");

  EXPECT_THAT([&] { here.pull("org/name"); }, fails_with(ErrorCode::bad_checkpoint, "checksum"));
  EXPECT_FALSE(std::filesystem::exists(here.cached("models--org--name/refs/main")));
  EXPECT_EQ(std::filesystem::file_size(incomplete_blob()), 0U);
}

TEST_F(Resume, RefusesBytesThatDifferFromTheirBlobId) {
  here.hub.order(R"({"do": "fault", "path": "resolve-cache.*vocab.txt", "method": "GET", "flip": 1})");

  EXPECT_THAT([&] { here.pull("org/name"); }, fails_with(ErrorCode::bad_checkpoint, "'vocab.txt'"));
}

TEST_F(Resume, LeavesTheRevisionThatWasHereWhenANewOneFails) {
  const auto before = here.pull("org/name");
  here.hub.add("org/name", kOf, "new weights");
  fault(R"("status": 503)");

  EXPECT_THROW(here.pull("org/name"), Error);

  EXPECT_EQ(cached_snapshot({"org/name", "main"}, here.settings), before);
}

TEST_F(Resume, BringsAFileOnceForTwoThatPullAtTheSameTime) {
  auto other = std::async(std::launch::async, [&] { return here.pull("org/name"); });
  const auto folder = here.pull("org/name");

  EXPECT_EQ(other.get(), folder);
  expect_weights(folder);
  EXPECT_EQ(here.requests_of("/org/name/main/model.safetensors").size(), 1U);
}

TEST_F(Resume, WaitsForAnotherThatHoldsTheLock) {
  leave_incomplete("");
  const std::string etag = incomplete_blob().stem().string();
  const CachedModel cache(here.settings.cache, "org/name");
  auto held = std::make_unique<FileLock>(cache.lock(etag), [] {});
  bool waited = false;

  here.pull("org/name", {.progress = [&](const PullProgress& progress) {
              if (!progress.waiting) return;
              waited = true;
              held.reset();
            }});

  EXPECT_TRUE(waited);
}

// Without the check, a download of hours would end with a full disk.
TEST_F(Resume, RefusesAFileThatTheDiskHasNoRoomFor) {
  here.hub.order(R"({"do": "fault", "path": "resolve.*model.safetensors", "set": {"X-Linked-Size": "4000000000000"}})");

  EXPECT_THAT([&] { here.pull("org/name"); }, fails_with(ErrorCode::unavailable, "4000000000000 bytes"));
}

TEST_F(Resume, SaysWhenTheDiskTakesNoMoreAndKeepsWhatItTook) {
  ::signal(SIGXFSZ, SIG_IGN);  // NOLINT(cert-err33-c): the write then fails with EFBIG, as a full disk does with ENOSPC
  const rlimit before = [] {
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    return limit;
  }();
  const rlimit small{300'000, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);

  EXPECT_THAT([&] { here.pull("org/name"); }, fails_with(ErrorCode::unavailable, "cannot be written"));

  ::setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(std::filesystem::file_size(incomplete_blob()), 300'000U);
  expect_weights(here.pull("org/name"));
}

}  // namespace
}  // namespace tastevin::hub
