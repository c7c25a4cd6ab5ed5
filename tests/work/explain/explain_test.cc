#include "tastevin/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "support/bundled.h"
#include "support/fails_with.h"

namespace tastevin {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr float kTolerance = 2e-5F;  // two logits, each moved by at most 1e-5 by what it is packed with

Explanation explanation_of(const std::string& text, const ExplainOptions& options = {}) {
  return explain(bundled(), std::span(&text, 1), options).front();
}

std::vector<std::string> parts_of(const Explanation& explanation) {
  std::vector<std::string> parts;
  for (const Effect& effect : explanation.effects) parts.push_back(effect.text);
  return parts;
}

float logit_of(const std::string& text, std::size_t label) {
  ClassifyOptions options;
  options.logits = true;
  return bundled().classify(text, options).logits[label];
}

float effect_of(const std::string& word, const Explanation& explanation) {
  for (const Effect& effect : explanation.effects)
    if (effect.text == word) return effect.effect;
  ADD_FAILURE() << "no word " << word;
  return 0;
}

TEST(Explain, NamesTheWordThatTurnsTheAnswer) {
  const Explanation negated = explanation_of("the food was not good");
  const Explanation plain = explanation_of("the food was good");

  EXPECT_EQ(negated.label, "NEGATIVE");
  EXPECT_GT(effect_of("not", negated), 0);
  EXPECT_LT(effect_of("good", negated), effect_of("not", negated));
  EXPECT_EQ(plain.label, "POSITIVE");
  EXPECT_GT(effect_of("good", plain), 0);
}

TEST(Explain, AnEffectIsWhatTheLogitLosesWithoutTheWord) {
  const Explanation explanation = explanation_of("a dull but honest film", {.label = "NEGATIVE"});

  EXPECT_NEAR(explanation.logit, logit_of("a dull but honest film", 0), kTolerance);
  EXPECT_NEAR(effect_of("dull", explanation), logit_of("a dull but honest film", 0) - logit_of("a but honest film", 0),
              kTolerance);
  EXPECT_NEAR(effect_of("film", explanation), logit_of("a dull but honest film", 0) - logit_of("a dull but honest", 0),
              kTolerance);
}

// All variants of a text were made at once: two gigabytes of a text of a megabyte.
TEST(Explain, OfLongTextsIsTheSameWhateverIsAnsweredTogether) {
  std::string text = "a dull film";
  for (int i = 0; i < 200; ++i) text += " " + std::string(5000, 'x');  // 200 variants of a MiB
  const std::string plain = "a dull film";
  const std::vector<std::string> texts{plain, text, plain};

  const std::vector<Explanation> explanations = explain(bundled(), texts);

  ASSERT_EQ(explanations.size(), 3U);
  EXPECT_EQ(explanations[1].effects.size(), 203U);
  EXPECT_NEAR(effect_of("dull", explanations[1]),
              logit_of(text, explanations[1].label == "POSITIVE" ? 1 : 0) -
                  logit_of("a " + text.substr(7), explanations[1].label == "POSITIVE" ? 1 : 0),
              kTolerance);
  for (const std::size_t i : {0U, 2U})
    EXPECT_NEAR(effect_of("dull", explanations[i]), effect_of("dull", explanation_of(plain)), kTolerance);
}

TEST(Explain, OppositeLabelsHaveTheirOwnEffects) {
  const std::string text = "the food was horrible";

  EXPECT_GT(effect_of("horrible", explanation_of(text, {.label = "NEGATIVE"})), 0);
  EXPECT_LT(effect_of("horrible", explanation_of(text, {.label = "1"})), 0);
}

TEST(Explain, MasksAWordWhenAskedTo) {
  const Explanation explanation = explanation_of("a dull film", {.occlusion = Occlusion::mask, .label = "NEGATIVE"});

  EXPECT_NEAR(effect_of("dull", explanation), logit_of("a dull film", 0) - logit_of("a [MASK] film", 0), kTolerance);
}

// Any text was put into the gap, as the word that it is.
TEST(Explain, RefusesAMaskThatIsNoTokenOfTheModel) {
  for (const char* mask : {"MASKED", "<mask>", "[MASK] "})
    EXPECT_THAT([&] { explanation_of("a dull film", {.occlusion = Occlusion::mask, .mask_token = mask}); },
                fails_with(ErrorCode::invalid_argument, "mask-token: expected a token of the model"));
}

TEST(Explain, ReadsTextsAsItIsTold) {
  ExplainOptions options;
  options.reading.max_length = 4;

  EXPECT_TRUE(explanation_of("a dull film", options).truncated);
  options.reading.truncation = Truncation::error;
  EXPECT_THAT([&] { explanation_of("a dull film", options); }, fails_with(ErrorCode::too_large, "4"));
}

TEST(Explain, WordsAreCutOutOfTheTextByTheirPlace) {
  const std::string text = " Caf\u00E9s,  \u4E2D\u6587 \U0001F600 ok";
  const Explanation explanation = explanation_of(text);

  EXPECT_THAT(parts_of(explanation), ElementsAre("Caf\u00E9s", ",", "\u4E2D", "\u6587", "\U0001F600", "ok"));
  EXPECT_EQ(explanation.effects[2].begin, 9U);
  EXPECT_EQ(explanation.effects[2].end, 10U);
  EXPECT_EQ(explanation.effects[5].begin, 14U);
}

TEST(Explain, SentencesEndWherePeopleEndThem) {
  const std::string text = "Good film.  It cost 3.5 million! \u597D\u7684\u3002\u4E0D\nlast";

  EXPECT_THAT(parts_of(explanation_of(text, {.by = Unit::sentence})),
              ElementsAre("Good film.", "It cost 3.5 million!", "\u597D\u7684\u3002", "\u4E0D", "last"));
}

TEST(Explain, SentencesEndBehindTheQuoteThatClosesThem) {
  EXPECT_THAT(parts_of(explanation_of("He said \"no.\" (So he did.) She left.", {.by = Unit::sentence})),
              ElementsAre("He said \"no.\"", "(So he did.)", "She left."));
}

// Answers below 0 had a score of 0.
TEST(Explain, GivesARegressionItsNumber) {
  const Classifier regression = Classifier::load(source_file("tests/golden/tiny/gelu-bf16-regression"));
  const std::vector<std::string> texts{"a", "good film", "bad", "the end", "not at all"};
  for (const Explanation& explanation : explain(regression, texts)) EXPECT_EQ(explanation.score, explanation.logit);
}

TEST(Explain, KeepsTheOrderOfTexts) {
  const std::vector<std::string> texts{"good", "", "the food was horrible"};

  const auto explanations = explain(bundled(), texts);

  ASSERT_EQ(explanations.size(), 3U);
  EXPECT_THAT(parts_of(explanations[0]), ElementsAre("good"));
  EXPECT_TRUE(explanations[1].effects.empty());
  EXPECT_EQ(explanations[2].text, texts[2]);
  EXPECT_EQ(explanations[2].effects.size(), 4U);
}

TEST(Explain, ReadsBrokenBytesAsReplacementCharacters) {
  const Explanation explanation = explanation_of("good \xFF food");

  EXPECT_EQ(explanation.text, "good \uFFFD food");
  EXPECT_EQ(explanation.effects.back().text, "food");
}

TEST(Explain, RefusesLabelsThatTheModelDoesNotKnow) {
  EXPECT_THAT([] { explanation_of("a", {.label = "NEUTRAL"}); }, fails_with(ErrorCode::invalid_argument, "NEGATIVE"));
}

TEST(Explain, RefusesATextOfTooManyWords) {
  std::string text;
  for (int i = 0; i < 2001; ++i) text += "a ";

  EXPECT_THAT([&] { explanation_of(text); }, fails_with(ErrorCode::too_large, "2000"));
}

TEST(Explanation, AsJsonHasThePlacesOfItsWords) {
  const Json json = parse_json(to_json(explanation_of("not good")), "explanation");

  EXPECT_EQ(json.at("effects").at(1).at("text"), "good");
  EXPECT_EQ(json.at("effects").at(1).at("begin"), 4);
  EXPECT_EQ(json.at("effects").at(1).at("end"), 8);
}

// The page looked for the words in the text, and found another where one stood twice.
TEST(Explanation, AsAPageColoursTheWordsInTheirPlaces) {
  Explanation explanation;
  explanation.text = "no é no";
  explanation.effects = {{.begin = 5, .end = 7, .text = "no", .effect = 1}};

  EXPECT_THAT(to_html(std::span(&explanation, 1)), HasSubstr("no é <mark"));
}

TEST(Explanation, AsAPageShowsForeignTextAsText) {
  const std::vector<Explanation> explanations{explanation_of("<b> & good")};

  const std::string page = to_html(explanations);

  EXPECT_THAT(page, HasSubstr("&lt;"));
  EXPECT_THAT(page, HasSubstr(">good</mark>"));
  EXPECT_THAT(page, ::testing::Not(HasSubstr("<b>")));
}

}  // namespace
}  // namespace tastevin
