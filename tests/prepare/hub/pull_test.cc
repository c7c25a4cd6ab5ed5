// Pulling from a Hub that behaves: what is asked for, and what stands in the cache afterwards.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <stdexcept>

#include "hub_and_cache.h"
#include "support/fails_with.h"

namespace tastevin::hub {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

// `printf '[PAD]\n[UNK]\n' | git hash-object --stdin` and `printf 'the weights' | sha256sum`
constexpr char kVocabEtag[] = "9b63652e4599b6f141f83f77374ca035004e0c8f";
constexpr char kWeightsEtag[] = "f38329d231164082b94f28edf29bff349b44403e09fc4057d65b31051f4ae6b5";

TEST(Pull, BringsTheFilesThatAClassifierNeeds) {
  const HubAndCache here;
  here.add_model("org/name");

  const fs::path folder = here.pull("org/name");

  EXPECT_THAT(names_below(folder), ElementsAre("config.json", "model.safetensors", "vocab.txt"));
  EXPECT_EQ(read_file(folder / "model.safetensors"), "the weights");
  EXPECT_EQ(read_file(folder / "vocab.txt"), "[PAD]\n[UNK]\n");
}

TEST(Pull, LaysTheCacheOutAsThePythonClientDoes) {
  const HubAndCache here;
  here.add_model("org/name");

  const fs::path folder = here.pull("org/name");

  const std::string commit = folder.filename().string();
  EXPECT_TRUE(is_commit(commit));
  EXPECT_EQ(folder, here.cached("models--org--name/snapshots") / commit);
  EXPECT_EQ(read_file(here.cached("models--org--name/refs/main")), commit);
  EXPECT_EQ(fs::read_symlink(folder / "vocab.txt"), std::string("../../blobs/") + kVocabEtag);
  EXPECT_EQ(fs::read_symlink(folder / "model.safetensors"), std::string("../../blobs/") + kWeightsEtag);
}

TEST(Pull, LeavesNoDraftBehind) {
  const HubAndCache here;
  here.add_model("org/name");

  here.pull("org/name");

  EXPECT_EQ(names_below(here.cached("models--org--name/blobs")).size(), 3U);
  EXPECT_EQ(names_below(here.cached("models--org--name")).size(), 7U);  // 3 blobs, 3 links, 1 ref
}

TEST(Pull, LinksAFileInAFolderToItsBlob) {
  const HubAndCache here;
  here.hub.add("org/name", "config.json", "{}");
  here.hub.add("org/name", "onnx/model.onnx", "the weights");

  const fs::path folder = here.pull("org/name");

  EXPECT_EQ(fs::read_symlink(folder / "onnx/model.onnx"), std::string("../../../blobs/") + kWeightsEtag);
  EXPECT_EQ(read_file(folder / "onnx/model.onnx"), "the weights");
}

TEST(Pull, BringsTheShardsThatTheIndexNames) {
  const HubAndCache here;
  here.hub.add("org/name", "config.json", "{}");
  here.hub.add("org/name", "model.safetensors.index.json",
               R"({"weight_map": {"a": "one.safetensors", "b": "two.safetensors"}})");
  for (const char* shard : {"one.safetensors", "two.safetensors", "three.safetensors"})
    here.hub.add("org/name", shard, shard);

  EXPECT_THAT(names_below(here.pull("org/name")),
              ElementsAre("config.json", "model.safetensors.index.json", "one.safetensors", "two.safetensors"));
}

TEST(Pull, RefusesAnIndexThatNamesAShardWhichIsNotThere) {
  const HubAndCache here;
  here.hub.add("org/name", "config.json", "{}");
  here.hub.add("org/name", "model.safetensors.index.json", R"({"weight_map": {"a": "one.safetensors"}})");

  EXPECT_THAT([&] { here.pull("org/name"); }, fails_with(ErrorCode::bad_checkpoint, "one.safetensors"));
}

TEST(Pull, FetchesNothingTwice) {
  HubAndCache here;
  here.add_model("org/name");
  here.pull("org/name");
  here.hub.requests();

  here.pull("org/name");

  EXPECT_THAT(here.requests_of("/"), ElementsAre("GET"));  // the list
}

TEST(Pull, OfACommitThatIsHereAsksNothing) {
  HubAndCache here;
  here.add_model("org/name");
  const std::string commit = here.pull("org/name").filename().string();
  here.hub.requests();

  EXPECT_EQ(here.pull("org/name@" + commit).filename(), commit);

  EXPECT_THAT(here.hub.requests(), IsEmpty());
}

TEST(Pull, OfANewCommitKeepsTheFilesThatDidNotChange) {
  HubAndCache here;
  here.add_model("org/name");
  const fs::path before = here.pull("org/name");
  here.hub.add("org/name", "config.json", R"({"model_type": "bert"})");
  here.hub.requests();

  const fs::path after = here.pull("org/name");

  EXPECT_NE(before, after);
  EXPECT_EQ(read_file(after / "config.json"), R"({"model_type": "bert"})");
  EXPECT_EQ(read_file(after / "model.safetensors"), "the weights");
  EXPECT_THAT(here.requests_of("model.safetensors"), ElementsAre("HEAD"));
  EXPECT_EQ(read_file(here.cached("models--org--name/refs/main")), after.filename().string());
}

TEST(Pull, TakesATagOrABranchOfTheRepository) {
  const HubAndCache here;
  here.add_model("org/name");
  for (const char* file : {"config.json", "vocab.txt"}) here.hub.add("org/name", file, "{}", "v1");
  here.hub.add("org/name", "model.safetensors", "older weights", "v1");

  const fs::path folder = here.pull("org/name@v1");

  EXPECT_EQ(read_file(folder / "model.safetensors"), "older weights");
  EXPECT_EQ(read_file(here.cached("models--org--name/refs/v1")), folder.filename().string());
  EXPECT_FALSE(fs::exists(here.cached("models--org--name/refs/main")));
}

// The notebook's id has no organisation; the Hub redirects it. The cache keeps the name that was asked for, as the
// Python client's does.
TEST(Pull, FollowsARenamedRepository) {
  HubAndCache here;
  here.add_model("distilbert/sentiment");
  here.hub.order(R"({"do": "rename", "from": "sentiment", "to": "distilbert/sentiment"})");

  const fs::path folder = here.pull("sentiment");

  EXPECT_EQ(folder.parent_path(), here.cached("models--sentiment/snapshots"));
  EXPECT_EQ(read_file(folder / "model.safetensors"), "the weights");
}

TEST(Pull, SendsTheTokenToTheHubAndNowhereElse) {
  HubAndCache here;
  here.settings.token = "hf_secret";
  here.add_model("org/name");
  here.hub.order(R"({"do": "hide", "id": "org/name", "token": "hf_secret"})");

  here.pull("org/name");

  std::size_t elsewhere = 0;
  for (const Json& request : here.hub.requests()) {
    const bool at_hub = request.at("role") == "hub";
    EXPECT_EQ(request.at("authorization"), at_hub ? Json("Bearer hf_secret") : Json());
    elsewhere += at_hub ? 0 : 1;
  }
  EXPECT_EQ(elsewhere, 1U);
}

TEST(Pull, SendsNoTokenWhenThereIsNone) {
  HubAndCache here;
  here.add_model("org/name");

  here.pull("org/name");

  for (const Json& request : here.hub.requests()) EXPECT_EQ(request.at("authorization"), Json());
}

TEST(Pull, TellsHowFarEachFileHasCome) {
  const HubAndCache here;
  here.add_model("org/name", std::string(3'000'000, 'w'));
  std::vector<std::size_t> bytes;
  const auto note = [&](const PullProgress& progress) {
    if (progress.file != "model.safetensors") return;
    EXPECT_EQ(progress.size, 3'000'000U);
    bytes.push_back(progress.bytes);
  };

  here.pull("org/name", {.progress = note});

  ASSERT_GT(bytes.size(), 3U);
  EXPECT_EQ(bytes.front(), 0U);
  EXPECT_EQ(bytes.back(), 3'000'000U);
  EXPECT_TRUE(std::ranges::is_sorted(bytes));
}

TEST(Pull, EndsWithWhatTheProgressCallbackThrows) {
  const HubAndCache here;
  here.add_model("org/name", std::string(3'000'000, 'w'));
  const auto stop = [](const PullProgress& progress) {
    if (progress.bytes > 1000) throw std::runtime_error("enough");
  };

  EXPECT_THROW(here.pull("org/name", {.progress = stop}), std::runtime_error);
  EXPECT_THAT(names_below(here.cached("models--org--name/blobs")), Contains(testing::EndsWith(".incomplete")));
}

TEST(Pull, BringsAnEmptyFile) {
  const HubAndCache here;
  here.add_model("org/name");
  here.hub.add("org/name", "added_tokens.json", "");

  EXPECT_EQ(read_file(here.pull("org/name") / "added_tokens.json"), "");
}

TEST(Pull, MakesFilesThatFollowTheUmask) {
  const HubAndCache here;
  here.add_model("org/name");
  const mode_t before = ::umask(0027);

  here.pull("org/name");

  ::umask(before);
  struct stat info{};
  ASSERT_EQ(::stat(here.cached(std::string("models--org--name/blobs/") + kWeightsEtag).c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0640U);
}

TEST(Pull, OfflineTakesWhatIsHere) {
  HubAndCache here;
  here.add_model("org/name");
  const fs::path folder = here.pull("org/name");
  here.settings.offline = true;
  here.hub.requests();

  EXPECT_EQ(here.pull("org/name"), folder);
  EXPECT_THAT([&] { here.pull("org/other"); }, fails_with(ErrorCode::not_found, "HF_HUB_OFFLINE"));

  EXPECT_THAT(here.hub.requests(), IsEmpty());
}

TEST(CachedSnapshot, IsNoneWhileAFileIsMissing) {
  const HubAndCache here;
  here.add_model("org/name");
  const fs::path folder = here.pull("org/name");
  ASSERT_TRUE(cached_snapshot({"org/name", "main"}, here.settings));

  fs::remove(folder / "model.safetensors");

  EXPECT_FALSE(cached_snapshot({"org/name", "main"}, here.settings));
}

TEST(CachedSnapshot, IsNoneWhileAShardIsMissing) {
  const HubAndCache here;
  for (const char* file : {"config.json", "vocab.txt", "one.safetensors"}) here.hub.add("org/name", file, file);
  here.hub.add("org/name", "model.safetensors.index.json", R"({"weight_map": {"a": "one.safetensors"}})");
  const fs::path folder = here.pull("org/name");
  ASSERT_TRUE(cached_snapshot({"org/name", "main"}, here.settings));

  fs::remove(folder / "one.safetensors");

  EXPECT_FALSE(cached_snapshot({"org/name", "main"}, here.settings));
}

}  // namespace
}  // namespace tastevin::hub
