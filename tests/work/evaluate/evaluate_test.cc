#include "tastevin/evaluate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/json.h"
#include "support/bundled.h"
#include "support/fails_with.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace tastevin {
namespace {

using ::testing::HasSubstr;

LabelledTexts four_texts() {
  return {{"I had a wonderful day", "The food was horrible.", "a <wonderful> film", "a horrible film"},
          {1, 0, 0, 0},
          {},
          {}};
}

TEST(Evaluate, CountsWhatIsRight) {
  const Evaluation found = evaluate(bundled(), four_texts());

  EXPECT_EQ(found.texts, 4U);
  EXPECT_EQ(found.accuracy.value, 0.75);
  EXPECT_LE(*found.accuracy.low, 0.75);
  EXPECT_GE(*found.accuracy.high, 0.75);
  EXPECT_THAT(found.confusion, ::testing::ElementsAre(::testing::ElementsAre(2, 1), ::testing::ElementsAre(0, 1)));
  EXPECT_EQ(found.labels[0].support, 3U);
  EXPECT_EQ(*found.roc_auc, *found.labels[1].roc_auc);
}

TEST(Evaluate, ListsWrongAnswersWithTheirText) {
  const Evaluation found = evaluate(bundled(), four_texts());

  ASSERT_EQ(found.wrong.size(), 1U);
  EXPECT_EQ(found.wrong[0].row, 2U);
  EXPECT_EQ(found.wrong[0].text, "a <wonderful> film");
  EXPECT_EQ(found.wrong[0].truth, "NEGATIVE");
  EXPECT_EQ(found.wrong[0].answer, "POSITIVE");
}

TEST(Evaluate, GivesTheSameIntervalsOnEveryRun) {
  EXPECT_EQ(to_json(evaluate(bundled(), four_texts())), to_json(evaluate(bundled(), four_texts())));
}

TEST(Evaluate, ComparesTwoModels) {
  const Evaluation found = evaluate(bundled(), bundled(), four_texts());

  ASSERT_TRUE(found.against);
  EXPECT_EQ(found.against->accuracy, 0.75);
  EXPECT_EQ(found.against->only_this_right, 0U);
  EXPECT_EQ(found.against->p_value, 1);
}

TEST(Evaluate, JudgesARegressionByItsNumbers) {
  const Classifier regression = Classifier::load(source_file("tests/golden/tiny/gelu-bf16-regression"));
  std::vector<std::string> texts{"a", "good film", "bad", "the end"};
  LabelledTexts truth{texts, {}, {}, {}};
  for (const std::string& text : texts)
    truth.values.push_back(2.0 * regression.classify(text, {.logits = true}).logits[0] + 1);

  const Evaluation found = evaluate(regression, truth, {.bootstrap = 0, .worst = 1});
  ASSERT_EQ(found.wrong.size(), 1U);
  EXPECT_GT(found.wrong.front().score, 0);

  EXPECT_NEAR(found.pearson.value, 1, 1e-6);
  EXPECT_NEAR(found.spearman.value, 1, 1e-9);
  EXPECT_FALSE(found.pearson.low);
}

TEST(Evaluate, DrawsARegressionByTruthAndLength) {
  const Classifier regression = Classifier::load(source_file("tests/golden/tiny/gelu-bf16-regression"));
  const float answer = regression.classify("good film", {.logits = true}).logits[0];
  LabelledTexts truth;
  truth.texts.assign(3000, "good film");
  for (std::size_t i = 0; i < truth.texts.size(); ++i) truth.values.push_back(answer + (i % 2 == 0 ? 1.0 : -3.0));

  const Evaluation found = evaluate(regression, truth, {.bootstrap = 0, .worst = 0});

  EXPECT_EQ(found.values.size(), 1000U);
  ASSERT_EQ(found.lengths.size(), 1U);
  EXPECT_NEAR(found.lengths.front().mean_error, 2, 1e-6);
  EXPECT_NEAR(parse_json(to_json(found), "report").at("lengths").at(0).at("mean_absolute_error").get<double>(), 2,
              1e-6);
  const std::string page = to_html(found);
  EXPECT_THAT(page, HasSubstr("<circle"));
  EXPECT_THAT(page, HasSubstr("off by 2.0000 in the mean of 3000"));
}

// It said 0, with an interval.
TEST(Evaluate, GivesNoCorrelationOfWhatIsConstant) {
  const Classifier regression = Classifier::load(source_file("tests/golden/tiny/gelu-bf16-regression"));

  const Evaluation found = evaluate(regression, {.texts = {"a", "b"}, .labels = {}, .values = {2, 2}});

  EXPECT_TRUE(std::isnan(found.pearson.value));
  EXPECT_FALSE(found.spearman.low);
  EXPECT_TRUE(parse_json(to_json(found), "report").at("pearson").at("value").is_null());
  EXPECT_THAT([&] { evaluate(regression, regression, {.texts = {"a"}, .labels = {}, .values = {2}}); },
              fails_with(ErrorCode::invalid_argument, "found one of numbers"));
}

TEST(Evaluate, AgreesWithThePublishedAccuracyOnRealTexts) {
  TASTEVIN_NEEDS_SHARED("data/sst2/dev.tsv");
  const auto truth = read_labelled(shared_file("data/sst2/dev.tsv"), "", "label", bundled().info());

  const Evaluation found = evaluate(bundled(), truth, {.bootstrap = 200});

  EXPECT_EQ(found.texts, 872U);
  EXPECT_GT(*found.accuracy.low, 0.7);
  EXPECT_LT(*found.accuracy.high - *found.accuracy.low, 0.08);
  EXPECT_EQ(found.micro.f1, found.accuracy.value);
}

TEST(Evaluate, RefusesWhatItCannotJudge) {
  EXPECT_THAT([] { evaluate(bundled(), LabelledTexts{}); }, fails_with(ErrorCode::invalid_argument, "found none"));
  const Classifier several = Classifier::load(source_file("tests/golden/tiny/relu-f16-multi-label"));
  EXPECT_THAT([&] { evaluate(several, four_texts()); }, fails_with(ErrorCode::invalid_argument, "found 0"));
  EXPECT_THAT([&] { evaluate(bundled(), several, four_texts()); },
              fails_with(ErrorCode::invalid_argument, "same labels"));
}

/// Texts whose sets are what the model answers, but for the last, which lacks all of them.
LabelledTexts sets_of(const Classifier& several) {
  LabelledTexts truth{{"a", "good film", "bad", "the end"}, {}, {}, {}};
  for (const std::string& text : truth.texts) {
    truth.label_sets.emplace_back();
    for (const std::string& label : several.classify(text).labels)
      truth.label_sets.back().push_back(
          static_cast<std::size_t>(std::ranges::find(several.info().labels, label) - several.info().labels.begin()));
  }
  EXPECT_FALSE(truth.label_sets.back().empty());
  truth.label_sets.back().clear();
  return truth;
}

TEST(Evaluate, NamesTheRowOfATextThatIsRefused) {
  LabelledTexts truth = four_texts();
  truth.texts[2] = std::string(2000, '!');
  truth.texts[3] = std::string(3000, '!');

  EXPECT_THAT([&] { evaluate(bundled(), truth, {.reading = {.truncation = Truncation::error}}); },
              fails_with(ErrorCode::too_large, "row 3: the text has "));
}

TEST(Evaluate, JudgesSetsOfLabels) {
  const Classifier several = Classifier::load(source_file("tests/golden/tiny/relu-f16-multi-label"));
  const LabelledTexts truth = sets_of(several);

  const Evaluation found = evaluate(several, truth, {.bootstrap = 10});

  EXPECT_EQ(found.accuracy.value, 0.75);
  EXPECT_GT(found.hamming_loss, 0);
  EXPECT_EQ(found.labels.size(), 5U);
  ASSERT_EQ(found.wrong.size(), 1U);
  EXPECT_EQ(found.wrong[0].truth, "none");
  EXPECT_THAT(to_json(found), ::testing::AllOf(HasSubstr("hamming_loss"), ::testing::Not(HasSubstr("confusion"))));
  EXPECT_THAT(to_html(found), HasSubstr("labels are all right"));
  EXPECT_EQ(evaluate(several, several, truth, {.bootstrap = 0}).against->accuracy, 0.75);
}

TEST(Evaluate, TakesEachLabelOfASetForAChoiceOfItsOwn) {
  const Classifier several = Classifier::load(source_file("tests/golden/tiny/relu-f16-multi-label"));

  const Evaluation found = evaluate(several, sets_of(several), {.bootstrap = 0});

  std::size_t choices = 0;
  for (const ScoreBin& bin : found.scores) choices += bin.right + bin.wrong;
  EXPECT_EQ(choices, 20U);  // four texts, five labels
  double squares = 0;
  const LabelledTexts truth = sets_of(several);
  for (std::size_t i = 0; i < truth.texts.size(); ++i) {
    const std::vector<float> scores =
        scores_by_id(several.classify(truth.texts[i], {.top_k = 0}), several.info().labels.size());
    for (std::size_t k = 0; k < scores.size(); ++k) {
      const bool holds = std::ranges::count(truth.label_sets[i], k) > 0;
      squares += std::pow(static_cast<double>(scores[k]) - (holds ? 1 : 0), 2);
    }
  }
  EXPECT_NEAR(found.brier, squares / 20, 1e-6);  // texts that run together sum in another order
  EXPECT_THAT(to_json(found), HasSubstr("\"ece\""));
  EXPECT_THAT(to_html(found), HasSubstr("choices of a label"));
}

TEST(Evaluate, JudgesPairs) {
  const TemporaryFolder folder;
  const auto truth = read_labelled(folder.write("t.csv", "text,more,label\na wonderful film,horrible,1\n"), "", "label",
                                   bundled().info(), "more");
  ASSERT_THAT(truth.pairs, ::testing::ElementsAre("horrible"));
  const Text pair{truth.texts[0], truth.pairs[0]};
  const Prediction expected = bundled().classify(std::span(&pair, 1)).predictions.front();

  const Evaluation found = evaluate(bundled(), truth, {.bootstrap = 0});

  EXPECT_NE(expected.score, bundled().classify(truth.texts[0]).score);
  EXPECT_EQ(found.accuracy.value, expected.label == "POSITIVE" ? 1 : 0);
  const double right = expected.label == "POSITIVE" ? expected.score : 1 - expected.score;
  EXPECT_NEAR(found.log_loss, -std::log(right), 1e-5);
}

TEST(Evaluate, RefusesTruthsThatDoNotFitTheTexts) {
  EXPECT_THAT([] { evaluate(bundled(), {.texts = {"a", "b"}, .labels = {1, 0}, .values = {}, .pairs = {"c"}}); },
              fails_with(ErrorCode::invalid_argument, "found 1"));

  EXPECT_THAT([] { evaluate(bundled(), {{"a", "b"}, {1}, {}, {}}); },
              fails_with(ErrorCode::invalid_argument, "found 1"));
  EXPECT_THAT([] { evaluate(bundled(), {{"a"}, {2}, {}, {}}); }, fails_with(ErrorCode::invalid_argument, "found 2"));
  EXPECT_THAT([] { evaluate(bundled(), {{"a"}, {}, {0.5}, {}}); }, fails_with(ErrorCode::invalid_argument, "found 0"));
}

TEST(ReadLabelled, RefusesATextThatIsNoUtf8) {
  const TemporaryFolder folder;
  EXPECT_THAT(
      [&] { read_labelled(folder.write("t.csv", "text,label\na,1\nb\xFF,1\n"), "", "label", bundled().info()); },
      fails_with(ErrorCode::invalid_argument, "row 2: the text is not UTF-8"));
}

TEST(ReadLabelled, TakesFiniteNumbersForARegression) {
  const TemporaryFolder folder;
  const Classifier regression = Classifier::load(source_file("tests/golden/tiny/gelu-bf16-regression"));

  EXPECT_THAT(read_labelled(folder.write("t.csv", "text,stars\na,4.5\n"), "", "stars", regression.info()).values,
              ::testing::ElementsAre(4.5));
  EXPECT_THAT([&] { read_labelled(folder.write("t.csv", "text,stars\na,nan\n"), "", "stars", regression.info()); },
              fails_with(ErrorCode::invalid_argument, "expected a number, found 'nan'"));
}

TEST(ReadLabelled, TakesSetsOfLabels) {
  const TemporaryFolder folder;
  ModelInfo model;
  model.task = Task::multi_label;
  model.labels = {"plot", "cast, crew", "music"};
  const auto sets = [&](const std::string& file, std::string_view bytes) {
    return read_labelled(folder.write(file, bytes), "text", "labels", model).label_sets;
  };
  using ::testing::ElementsAre;

  EXPECT_THAT(sets("t.jsonl",
                   "{\"text\": \"a\", \"labels\": [\"music\", \"cast, crew\"]}\n"
                   "{\"text\": \"b\", \"labels\": []}\n{\"text\": \"c\", \"labels\": [0, 2]}\n"),
              ElementsAre(ElementsAre(2, 1), ElementsAre(), ElementsAre(0, 2)));
  EXPECT_THAT(sets("t.csv", "text,labels\na,plot|music\nb,\"plot, music\"\nc,\"cast, crew\"\nd,\ne,0;2\n"),
              ElementsAre(ElementsAre(0, 2), ElementsAre(0, 2), ElementsAre(1), ElementsAre(), ElementsAre(0, 2)));
  EXPECT_THAT([&] { sets("t.csv", "text,labels\na,plot|sound\n"); },
              fails_with(ErrorCode::invalid_argument, "'sound'"));
}

TEST(ReadLabelled, TakesNamesAndIds) {
  const TemporaryFolder folder;
  const auto file = folder.write("t.csv", "text,label\na,NEGATIVE\nb,1\n");

  EXPECT_THAT(read_labelled(file, "", "label", bundled().info()).labels, ::testing::ElementsAre(0, 1));
}

TEST(ReadLabelled, NamesTheRowOfAnUnknownLabel) {
  const TemporaryFolder folder;
  const auto file = folder.write("t.csv", "text,label\na,NEGATIVE\nb,neutral\n");

  EXPECT_THAT([&] { read_labelled(file, "", "label", bundled().info()); },
              fails_with(ErrorCode::invalid_argument, "row 2"));
}

TEST(Evaluate, PutsEveryTextIntoABinOfScoresAndOneOfLengths) {
  const Evaluation found = evaluate(bundled(), four_texts());

  std::size_t by_score = 0;
  std::size_t wrong_by_score = 0;
  for (const ScoreBin& bin : found.scores) {
    by_score += bin.right + bin.wrong;
    wrong_by_score += bin.wrong;
  }
  std::size_t by_length = 0;
  std::size_t wrong_by_length = 0;
  for (const LengthBin& bin : found.lengths) {
    by_length += bin.texts;
    wrong_by_length += bin.wrong;
  }
  EXPECT_EQ(by_score, 4U);
  EXPECT_EQ(by_length, 4U);
  EXPECT_EQ(wrong_by_score, found.wrong.size());
  EXPECT_EQ(wrong_by_length, found.wrong.size());
}

TEST(Evaluate, DrawsACurveThatEndsWithAllOfALabel) {
  for (const LabelEvaluation& label : evaluate(bundled(), four_texts()).labels) {
    ASSERT_FALSE(label.curve.empty());
    EXPECT_EQ(label.curve.back().recall, 1);
    EXPECT_GT(label.curve.front().threshold, label.curve.back().threshold);
  }
}

// Every text was right: of one label there is no other.
TEST(Evaluate, RefusesAModelOfOneLabel) {
  const auto model = Classifier::load(source_file("tests/golden/tiny/gelu-f64-one-label"), {.device = "CPU"});
  EXPECT_THAT([&] { evaluate(model, {.texts = {"a"}, .labels = {0}, .values = {}}); },
              fails_with(ErrorCode::invalid_argument, "two labels or more"));
}

TEST(EvaluationPage, ShowsForeignTextAsText) {
  const std::string page = to_html(evaluate(bundled(), four_texts()));

  EXPECT_THAT(page, HasSubstr("a &lt;wonderful&gt; film"));
  for (const char* drawing :
       {"Confidence against truth", "Precision and recall", "by threshold", "score of the answer", "length"}) {
    EXPECT_THAT(page, HasSubstr(drawing));
  }
  EXPECT_THAT(page, ::testing::Not(HasSubstr("<script")));
}

}  // namespace
}  // namespace tastevin
