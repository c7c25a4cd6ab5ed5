// `tastevin pull` and `--model ID`, with a small Hub on loopback.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hub/small_hub.h"
#include "program_under_test.h"

namespace tastevin {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class Pull : public testing::Test {
 protected:
  /// Runs a line of the shell with the small Hub as the Hub, and a cache that is empty at first.
  Ended run(const std::string& line) const {
    return shell("unset HF_TOKEN HF_HUB_OFFLINE HF_HUB_CACHE; export HF_ENDPOINT=" + hub.address() +
                 " HF_HOME=" + home.path().string() + "; " + line);
  }

  SmallHub hub;
  TemporaryFolder home;
};

class PullBundled : public Pull {
 protected:
  PullBundled() { hub.add_folder("org/sentiment", source_file("models/sst2-tiny")); }
};

TEST_F(PullBundled, PrintsTheFolderAndALineForEachFile) {
  const Ended ended = run("tastevin pull org/sentiment");

  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.out, StartsWith((home / "hub/models--org--sentiment/snapshots/").string()));
  EXPECT_EQ(lines_of(ended.out).size(), 1U);
  EXPECT_THAT(lines_of(ended.err), Contains(StartsWith("model.safetensors: 9.6 MB")));
}

TEST_F(PullBundled, PrintsNothingButTheFolderWhenQuiet) {
  const Ended ended = run("tastevin classify 'I had a wonderful day' --model $(tastevin pull --quiet org/sentiment)");

  EXPECT_THAT(ended.out, StartsWith("POSITIVE"));
  EXPECT_THAT(ended.err, IsEmpty());
}

TEST_F(PullBundled, HappensForTheModelOfACommand) {
  const Ended ended = run("tastevin classify 'I had a wonderful day' --model org/sentiment");

  EXPECT_EQ(ended.out, tastevin({"classify", "I had a wonderful day"}).out);
  EXPECT_THAT(ended.err, HasSubstr("model.safetensors"));
}

TEST_F(PullBundled, HappensOnceForAllCommands) {
  run("tastevin pull org/sentiment");
  hub.requests();

  EXPECT_EQ(run("tastevin classify x --model org/sentiment").code, 0);
  EXPECT_THAT(run("tastevin inspect org/sentiment").out, HasSubstr("distilbert"));
  EXPECT_EQ(run("tastevin convert org/sentiment " + (home / "converted").string()).code, 0);

  EXPECT_THAT(hub.requests(), IsEmpty());
}

TEST_F(PullBundled, TakesTheIdOfTheNotebookThatTheHubRedirects) {
  hub.order(R"({"do": "rename", "from": "sentiment", "to": "org/sentiment"})");

  EXPECT_THAT(run("tastevin classify 'I had a wonderful day' --model sentiment").out, StartsWith("POSITIVE"));
}

TEST_F(PullBundled, DrawsABarOnATerminal) {
  hub.order(R"({"do": "fault", "path": "cdn", "times": 1, "stall_after": 100})");

  const Ended ended = run("HF_HUB_DOWNLOAD_TIMEOUT=1 script -qec '" + kProgram + " pull org/sentiment' /dev/null");

  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.out, HasSubstr("model.safetensors ["));
  EXPECT_THAT(ended.out, HasSubstr(" of 9.6 MB"));
}

TEST_F(Pull, OfAGatedModelIsRefusedInOneLine) {
  hub.add("org/gated", "config.json", "{}");
  hub.add("org/gated", "model.safetensors", "weights");
  hub.order(R"({"do": "gate", "id": "org/gated"})");

  const Ended ended = run("tastevin pull org/gated");

  EXPECT_EQ(ended.code, 11);
  EXPECT_EQ(ended.err, "tastevin: model 'org/gated' is gated: ask for access at " + hub.address() +
                           "/org/gated, then set HF_TOKEN to a token of your account\n");
}

TEST_F(Pull, OfAModelThatIsNowhereIsRefusedInOneLine) {
  const Ended ended = run("tastevin classify x --model org/absent");

  EXPECT_EQ(ended.code, 3);
  EXPECT_EQ(lines_of(ended.err).size(), 1U);
  EXPECT_THAT(ended.err, HasSubstr("'org/absent'"));
}

TEST_F(Pull, WithoutNetworkEndsWithOneClearSentence) {
  const Ended ended = run("HF_ENDPOINT=https://hub.invalid tastevin pull org/name");

  EXPECT_EQ(ended.code, 7);
  EXPECT_THAT(ended.err, StartsWith("tastevin: cannot reach https://hub.invalid: "));
  EXPECT_EQ(lines_of(ended.err).size(), 1U);
}

}  // namespace
}  // namespace tastevin
