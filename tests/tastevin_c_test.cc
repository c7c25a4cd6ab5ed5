#include "tastevin/tastevin_c.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <thread>

namespace {

using testing::HasSubstr;

constexpr char kModel[] = TASTEVIN_SOURCE_DIR "/models/sst2-tiny";
const char* const kTexts[] = {"I had a wonderful day", "The food was horrible."};

using Model = std::unique_ptr<tastevin_model, decltype(&tastevin_free_model)>;
using Answers = std::unique_ptr<tastevin_answers, decltype(&tastevin_free_answers)>;

Model load(const char* model, const char* options = nullptr) {
  return {tastevin_load(model, options), tastevin_free_model};
}

Answers classify(const Model& model, const char* options = nullptr) {
  return {tastevin_classify(model.get(), kTexts, nullptr, 2, options), tastevin_free_answers};
}

TEST(CInterface, AnswersInTheOrderOfTheTexts) {
  const Answers answers = classify(load(kModel));

  ASSERT_EQ(tastevin_count(answers.get()), 2U);
  EXPECT_STREQ(tastevin_label(answers.get(), 0), "POSITIVE");
  EXPECT_NEAR(tastevin_score(answers.get(), 0), 0.996929F, 1e-4F);
  EXPECT_STREQ(tastevin_label(answers.get(), 1), "NEGATIVE");
}

// A negative count of another language was a fault of the program.
TEST(CInterface, RefusesACountThatNoListHas) {
  const Model model = load(kModel);

  EXPECT_EQ(tastevin_classify(model.get(), kTexts, nullptr, static_cast<size_t>(-1), nullptr), nullptr);
  EXPECT_THAT(tastevin_last_error(), HasSubstr("count"));
  EXPECT_EQ(tastevin_last_error_kind(), TASTEVIN_INVALID_ARGUMENT);
}

TEST(CInterface, GivesTheWholeAnswerAsJson) {
  const Answers answers = classify(load(kModel), R"({"top_k": 0, "logits": true})");

  const std::string json = tastevin_json(answers.get(), 1);
  EXPECT_THAT(json, testing::StartsWith(R"({"label":"NEGATIVE","score":)"));
  EXPECT_THAT(json, HasSubstr(R"({"label":"POSITIVE")"));
  EXPECT_THAT(json, HasSubstr(R"("logits":[)"));
}

TEST(CInterface, TakesPairs) {
  const char* const texts[] = {"wonderful"};
  const char* const pairs[] = {"horrible, horrible, horrible"};
  const Model model = load(kModel);

  const Answers answers(tastevin_classify(model.get(), texts, pairs, 1, nullptr), tastevin_free_answers);

  ASSERT_NE(answers, nullptr) << tastevin_last_error();
  EXPECT_STREQ(tastevin_label(answers.get(), 0), "NEGATIVE");
}

TEST(CInterface, AWholeNumberMayBeWrittenWithAPoint) {
  EXPECT_NE(load(kModel, R"({"threads": 1.0})"), nullptr) << tastevin_last_error();
}

TEST(CInterface, SaysOfWhatKindAnErrorIs) {
  EXPECT_EQ(load("no/such/model"), nullptr);
  EXPECT_EQ(tastevin_last_error_kind(), TASTEVIN_NOT_FOUND);
  EXPECT_THAT(tastevin_last_error(), HasSubstr("no/such/model"));
}

TEST(CInterface, RefusesOptionsThatAreNone) {
  for (const char* options : {"{", "[]", R"({"topk": 1})", R"({"top_k": -1})", R"({"top_k": "1"})"}) {
    EXPECT_EQ(classify(load(kModel), options), nullptr) << options;
    EXPECT_EQ(tastevin_last_error_kind(), TASTEVIN_INVALID_ARGUMENT) << options;
  }
}

TEST(CInterface, RefusesNull) {
  const Model model = load(kModel);
  const char* const texts[] = {nullptr};

  EXPECT_EQ(tastevin_load(nullptr, nullptr), nullptr);
  EXPECT_EQ(tastevin_classify(nullptr, kTexts, nullptr, 2, nullptr), nullptr);
  EXPECT_EQ(tastevin_classify(model.get(), texts, nullptr, 1, nullptr), nullptr);
  EXPECT_EQ(tastevin_classify(model.get(), nullptr, nullptr, 1, nullptr), nullptr);
  EXPECT_EQ(tastevin_label(nullptr, 0), nullptr);
  EXPECT_THAT(tastevin_last_error(), HasSubstr("NULL"));
}

TEST(CInterface, HasNoAnswerBehindTheLast) {
  const Answers answers = classify(load(kModel));

  EXPECT_EQ(tastevin_label(answers.get(), 2), nullptr);
  EXPECT_TRUE(std::isnan(tastevin_score(answers.get(), 2)));
  EXPECT_EQ(tastevin_json(answers.get(), 2), nullptr);
  EXPECT_THAT(tastevin_last_error(), HasSubstr("less than 2"));
}

TEST(CInterface, ErrorsBelongToTheirThread) {
  tastevin_load(nullptr, nullptr);
  std::string other = "unset";
  std::thread([&other] { other = tastevin_last_error(); }).join();

  EXPECT_EQ(other, "");
  EXPECT_STRNE(tastevin_last_error(), "");
}

}  // namespace
