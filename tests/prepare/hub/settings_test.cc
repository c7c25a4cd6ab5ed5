#include "prepare/hub/settings.h"

#include <gtest/gtest.h>

#include <map>

#include "support/fails_with.h"
#include "support/temporary_folder.h"

namespace tastevin::hub {
namespace {

Settings settings_of(const std::map<std::string, std::string>& environment) {
  return read_settings([&](const char* name) -> std::optional<std::string> {
    const auto found = environment.find(name);
    return found == environment.end() ? std::nullopt : std::optional(found->second);
  });
}

TEST(ReadSettings, TakesTheDefaultsOfThePythonClient) {
  const Settings settings = settings_of({{"HOME", "/me"}});

  EXPECT_EQ(settings.endpoint, "https://huggingface.co");
  EXPECT_EQ(settings.cache, "/me/.cache/huggingface/hub");
  EXPECT_EQ(settings.token, "");
  EXPECT_FALSE(settings.offline);
}

TEST(ReadSettings, FindsTheCacheInTheOrderOfThePythonClient) {
  std::map<std::string, std::string> environment{{"HOME", "/me"}, {"XDG_CACHE_HOME", "/xdg"}};
  EXPECT_EQ(settings_of(environment).cache, "/xdg/huggingface/hub");
  environment["HF_HOME"] = "/hf";
  EXPECT_EQ(settings_of(environment).cache, "/hf/hub");
  environment["HUGGINGFACE_HUB_CACHE"] = "/old";
  EXPECT_EQ(settings_of(environment).cache, "/old");
  environment["HF_HUB_CACHE"] = "/new";
  EXPECT_EQ(settings_of(environment).cache, "/new");
}

TEST(ReadSettings, ReadsHomeAndVariablesInPaths) {
  EXPECT_EQ(settings_of({{"HOME", "/me"}, {"HF_HOME", "~/hf"}}).cache, "/me/hf/hub");
  EXPECT_EQ(settings_of({{"S", "/s"}, {"HF_HUB_CACHE", "$S/${S}x/$T/$"}}).cache, "/s//sx/$T/$");
}

TEST(ReadSettings, TakesTheSlashFromTheEndOfTheEndpoint) {
  EXPECT_EQ(settings_of({{"HF_ENDPOINT", "https://hub.example/hf//"}}).endpoint, "https://hub.example/hf");
}

TEST(ReadSettings, RefusesAnEndpointThatIsNoAddress) {
  EXPECT_THAT([] { settings_of({{"HF_ENDPOINT", "hub.example"}}); },
              fails_with(ErrorCode::invalid_argument, "HF_ENDPOINT"));
}

TEST(ReadSettings, TakesTheTokenOfTheEnvironmentBeforeTheFile) {
  const TemporaryFolder home;
  home.write("token", "hf_file\n");
  std::map<std::string, std::string> environment{{"HF_HOME", home.path().string()}};

  EXPECT_EQ(settings_of(environment).token, "hf_file");
  environment["HF_TOKEN"] = " hf_variable\n";
  EXPECT_EQ(settings_of(environment).token, "hf_variable");
  environment["HF_HUB_DISABLE_IMPLICIT_TOKEN"] = "1";
  EXPECT_EQ(settings_of(environment).token, "");
}

TEST(ReadSettings, ReadsTheTokenOfHfTokenPath) {
  const TemporaryFolder home;

  EXPECT_EQ(settings_of({{"HF_TOKEN_PATH", home.write("mine", "hf_other").string()}}).token, "hf_other");
}

// A line feed in a token would begin another header.
TEST(ReadSettings, RefusesATokenThatIsNotOneWord) {
  EXPECT_THAT([] { settings_of({{"HF_TOKEN", "hf\r\nX-Evil: 1"}}); }, fails_with(ErrorCode::invalid_argument, "token"));
}

TEST(ReadSettings, IsOfflineForTheWordsThatPythonTakesAsTrue) {
  for (const char* yes : {"1", "on", "Yes", "TRUE"}) EXPECT_TRUE(settings_of({{"HF_HUB_OFFLINE", yes}}).offline) << yes;
  for (const char* no : {"", "0", "off", "2"}) EXPECT_FALSE(settings_of({{"HF_HUB_OFFLINE", no}}).offline) << no;
  EXPECT_TRUE(settings_of({{"TRANSFORMERS_OFFLINE", "1"}}).offline);
}

TEST(ReadSettings, RefusesATimeoutThatIsNoNumber) {
  EXPECT_EQ(settings_of({{"HF_HUB_DOWNLOAD_TIMEOUT", "25"}}).patience.silence, std::chrono::seconds(25));
  EXPECT_THAT([] { settings_of({{"HF_HUB_DOWNLOAD_TIMEOUT", "soon"}}); },
              fails_with(ErrorCode::invalid_argument, "HF_HUB_DOWNLOAD_TIMEOUT"));
}

}  // namespace
}  // namespace tastevin::hub
