// `resolve_model` and `pull` as users call them: with the settings of the environment.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "hub_and_cache.h"
#include "support/fails_with.h"
#include "tastevin/hub.h"

namespace tastevin::hub {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

class ResolveModel : public testing::Test {
 protected:
  ResolveModel() {
    ::setenv("HF_ENDPOINT", here.hub.address().c_str(), 1);
    ::setenv("HF_HUB_CACHE", here.settings.cache.c_str(), 1);
    ::unsetenv("HF_TOKEN");
    ::unsetenv("HF_HUB_OFFLINE");
    here.add_model("org/name");
  }

  HubAndCache here;
};

TEST_F(ResolveModel, TakesAPathThatExistsAsItIs) {
  const TemporaryFolder folder;

  EXPECT_EQ(resolve_model(folder.path().string()), folder.path());
}

TEST_F(ResolveModel, PrefersAPathToAnIdOfTheSameName) {
  const TemporaryFolder folder;
  fs::create_directories(folder / "org/name");
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());

  EXPECT_EQ(resolve_model("org/name"), "org/name");

  fs::current_path(before);
  EXPECT_THAT(here.hub.requests(), IsEmpty());
}

TEST_F(ResolveModel, PullsAnIdThatIsNotHere) {
  EXPECT_EQ(read_file(resolve_model("org/name") / "model.safetensors"), "the weights");
}

// A command must start at once and answer the same tomorrow; `pull` is what asks for news.
TEST_F(ResolveModel, TakesWhatIsHereWithoutAskingTheHub) {
  const fs::path folder = pull("org/name");
  here.hub.add("org/name", "config.json", "{}");
  here.hub.requests();

  EXPECT_EQ(resolve_model("org/name"), folder);
  EXPECT_THAT(here.hub.requests(), IsEmpty());
  EXPECT_NE(pull("org/name"), folder);
}

TEST_F(ResolveModel, CompletesWhatIsHereInPart) {
  const fs::path folder = pull("org/name");
  fs::remove(folder / "model.safetensors");

  EXPECT_TRUE(fs::exists(resolve_model("org/name") / "model.safetensors"));
}

TEST_F(ResolveModel, OfAPathThatIsNotThereAsksNoHub) {
  for (const char* path : {"./absent", "/absent/model", "a/b/c", "models/", "../x", ""})
    EXPECT_THAT([&] { resolve_model(path); }, fails_with(ErrorCode::not_found, "no such file or folder")) << path;
  EXPECT_THAT(here.hub.requests(), IsEmpty());
}

TEST_F(ResolveModel, OfANameThatIsNeitherSaysBoth) {
  EXPECT_THAT([] { resolve_model("org/absent"); },
              fails_with(ErrorCode::not_found, "no such file or folder; as a Hub id: "));
}

TEST_F(ResolveModel, OfflineSaysWhatForbidsToAsk) {
  ::setenv("HF_HUB_OFFLINE", "1", 1);

  EXPECT_THAT([] { resolve_model("org/name"); }, fails_with(ErrorCode::not_found, "HF_HUB_OFFLINE"));
  EXPECT_THAT(here.hub.requests(), IsEmpty());
}

}  // namespace
}  // namespace tastevin::hub
