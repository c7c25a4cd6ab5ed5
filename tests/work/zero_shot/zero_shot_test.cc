#include "tastevin/zero_shot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/json.h"
#include "support/fails_with.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace tastevin {
namespace {

constexpr float kTolerance = 1e-4F;  // f32 sums in another order than torch's

/// The tiny checkpoint with other labels.
Classifier relabelled(const Json& labels) {
  const TemporaryFolder folder;
  const auto model = folder.copy_of(source_file("tests/golden/tiny/gelu-f32"), "model");
  Json config = read_json_object(model / "config.json");
  config["id2label"] = labels;
  config.erase("label2id");
  std::ofstream(model / "config.json") << config.dump();
  return Classifier::load(model, {.device = "CPU"});
}

const Json& golden() {
  static const Json json = read_json_object(source_file("tests/golden/zero_shot.json"));
  return json;
}

const Classifier& inference() {
  static const Classifier classifier = relabelled(golden().at("id2label"));
  return classifier;
}

TEST(ZeroShot, AnswersAsThePipelineDoes) {
  for (const Json& expected : golden().at("cases")) {
    const std::vector<std::string> texts{expected.at("text")};
    const std::vector<std::string> candidates = expected.at("candidates");

    const Prediction found =
        zero_shot(inference(), texts, candidates,
                  {.hypothesis_template = expected.at("template"), .multi_label = expected.at("multi_label")})
            .front();

    ASSERT_EQ(found.scores.size(), candidates.size());
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      EXPECT_EQ(found.scores[i].label, expected.at("labels").at(i).get<std::string>()) << expected.dump();
      EXPECT_NEAR(found.scores[i].score, expected.at("scores").at(i).get<float>(), kTolerance) << expected.dump();
    }
  }
}

TEST(ZeroShot, AnswersManyTextsAsEachAlone) {
  const std::vector<std::string> texts{"the film was good", "not a good plot", "the film was good", ""};
  const std::vector<std::string> labels{"good", "bad"};

  const auto together = zero_shot(inference(), texts, labels);

  ASSERT_EQ(together.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Prediction alone = zero_shot(inference(), std::span(&texts[i], 1), labels).front();
    EXPECT_EQ(together[i].label, alone.label);
    EXPECT_NEAR(together[i].score, alone.score, 1e-5F);
  }
}

TEST(ZeroShot, TakesLabelsOfItsOwnForEachText) {
  const std::vector<std::string> texts{"the film was good", "slow", "a good plot"};
  const std::vector<std::vector<std::string>> sets{{"good", "bad"}, {"fun"}, {"plot", "film", "fun"}};

  const auto together = zero_shot(inference(), texts, std::span(sets));

  ASSERT_EQ(together.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Prediction alone = zero_shot(inference(), std::span(&texts[i], 1), sets[i]).front();
    EXPECT_EQ(together[i].label, alone.label);
    EXPECT_NEAR(together[i].score, alone.score, 1e-5F);
    EXPECT_EQ(together[i].scores.size(), sets[i].size());
  }
}

TEST(ZeroShot, TakesNoBlanksAroundLabels) {
  const std::vector<std::string> texts{"the film was good"};

  const Prediction found = zero_shot(inference(), texts, std::vector<std::string>{" good", "bad "}).front();

  EXPECT_THAT(found.label, ::testing::AnyOf("good", "bad"));
  EXPECT_EQ(found.score, zero_shot(inference(), texts, std::vector<std::string>{"good", "bad"}).front().score);
}

TEST(ZeroShot, ListsTheLabelsThatHoldWhenEachIsJudgedAlone) {
  const std::vector<std::string> texts{"the film was good"};
  const std::vector<std::string> labels{"good", "bad", "slow"};

  const Prediction found = zero_shot(inference(), texts, labels, {.multi_label = true}).front();

  EXPECT_TRUE(found.multi_label);
  for (const ScoredLabel& scored : found.scores) {
    const bool listed = std::ranges::find(found.labels, scored.label) != found.labels.end();
    EXPECT_EQ(listed, scored.score >= 0.5F) << scored.label;
  }
}

TEST(ZeroShot, CutsTheTextAndNeverTheLabel) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "film ";
  const std::vector<std::string> texts{text};
  const std::vector<std::string> labels{"good", "bad"};

  const Prediction found = zero_shot(inference(), texts, labels).front();

  EXPECT_TRUE(found.truncated);
  EXPECT_NE(found.scores[0].score, found.scores[1].score);
}

TEST(ZeroShot, NeedsAModelOfInference) {
  const std::vector<std::string> texts{"a"};
  const std::vector<std::string> labels{"good", "bad"};
  const Classifier sentiment = relabelled({{"0", "negative"}, {"1", "neutral"}, {"2", "positive"}});
  EXPECT_THAT([&] { zero_shot(sentiment, texts, labels); }, fails_with(ErrorCode::unsupported_model, "'negative'"));

  const Classifier no_contradiction = relabelled({{"0", "not_entailment"}, {"1", "other"}, {"2", "entailment"}});
  EXPECT_EQ(zero_shot(no_contradiction, texts, labels).size(), 1U);
  EXPECT_THAT([&] { zero_shot(no_contradiction, texts, labels, {.multi_label = true}); },
              fails_with(ErrorCode::unsupported_model, "contradiction"));
}

// Fewer lists ended in an exception of the standard library, more were read beyond their end.
TEST(ZeroShot, WantsAListOfLabelsForEachText) {
  const Classifier classifier = relabelled({{"0", "contradiction"}, {"1", "neutral"}, {"2", "entailment"}});
  const std::vector<std::string> texts{"a", "b"};
  for (const std::size_t count : {1U, 3U}) {
    const std::vector<std::vector<std::string>> lists(count, {"good"});
    EXPECT_THAT([&] { zero_shot(classifier, texts, std::span(lists)); },
                fails_with(ErrorCode::invalid_argument, "labels for each of 2 texts, found " + std::to_string(count)));
  }
}

TEST(ZeroShot, RefusesLabelsAndTemplatesThatSayNothing) {
  const std::vector<std::string> texts{"a"};
  EXPECT_THAT([&] { zero_shot(inference(), texts, std::vector<std::string>{}); },
              fails_with(ErrorCode::invalid_argument, "found none"));
  EXPECT_THAT([&] { zero_shot(inference(), texts, std::vector<std::string>{"good", " "}); },
              fails_with(ErrorCode::invalid_argument, "empty"));
  EXPECT_THAT([&] { zero_shot(inference(), texts, std::vector<std::string>{"good"}, {.hypothesis_template = "no"}); },
              fails_with(ErrorCode::invalid_argument, "'no'"));
  EXPECT_THAT(
      [&] { zero_shot(inference(), texts, std::vector<std::string>{"good"}, {.hypothesis_template = "{} {}"}); },
      fails_with(ErrorCode::invalid_argument, "expected one {}"));
}

}  // namespace
}  // namespace tastevin
