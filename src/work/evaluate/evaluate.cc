#include "tastevin/evaluate.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/json.h"
#include "work/evaluate/bootstrap.h"
#include "work/evaluate/label_figures.h"
#include "work/evaluate/labelled_texts.h"
#include "work/metrics/metrics.h"

namespace tastevin {
namespace {

using metrics::Answered;
using metrics::AnsweredSets;
using metrics::Scores;

/// Whether or not it is rejected for its score.
const std::string& best_label(const Prediction& prediction) { return prediction.scores.front().label; }

std::size_t id_of(const std::string& label, const std::vector<std::string>& labels) {
  return static_cast<std::size_t>(std::ranges::find(labels, label) - labels.begin());
}

/// Scores in label-id order; they come best first.
Scores scores_of(const std::vector<Prediction>& predictions, const std::vector<std::string>& labels) {
  Scores scores{predictions.size(), labels.size(), {}};
  scores.values.reserve(predictions.size() * labels.size());
  for (const Prediction& prediction : predictions) {
    const std::vector<float> own = scores_by_id(prediction, labels.size());
    scores.values.insert(scores.values.end(), own.begin(), own.end());
  }
  return scores;
}

std::vector<std::size_t> answers_of(const std::vector<Prediction>& predictions,
                                    const std::vector<std::string>& labels) {
  std::vector<std::size_t> answers;
  answers.reserve(predictions.size());
  for (const Prediction& prediction : predictions) answers.push_back(id_of(best_label(prediction), labels));
  return answers;
}

AverageFigures figures_of(const metrics::Average& average) { return {average.precision, average.recall, average.f1}; }

/// Of `Answered` or `AnsweredSets`.
template <class All>
All only(const All& all, Rows rows) {
  All some{{}, {}, all.labels};
  for (const std::size_t row : rows) {
    some.truth.push_back(all.truth[row]);
    some.answers.push_back(all.answers[row]);
  }
  return some;
}

double macro_f1(const Answered& answered) { return metrics::macro_average(metrics::figures_by_label(answered)).f1; }

Holds holds_of(const Answered& answered) {
  Holds holds(answered.labels, std::vector<bool>(answered.truth.size()));
  for (std::size_t i = 0; i < answered.truth.size(); ++i) holds[answered.truth[i]][i] = true;
  return holds;
}

void judge_labels(const std::vector<Prediction>& predictions, const LabelledTexts& truth,
                  const EvaluateOptions& options, Evaluation& found) {
  const std::vector<std::string>& labels = found.model.labels;
  const Answered answered{truth.labels, answers_of(predictions, labels), labels.size()};
  const Scores scores = scores_of(predictions, labels);
  const Bootstrap bootstrap(found.texts, options.bootstrap);
  found.accuracy = bootstrap.figure([&](Rows rows) { return metrics::accuracy(only(answered, rows)); });
  found.balanced_accuracy =
      bootstrap.figure([&](Rows rows) { return metrics::balanced_accuracy(only(answered, rows)); });
  found.macro_f1 = bootstrap.figure([&](Rows rows) { return macro_f1(only(answered, rows)); });
  found.matthews = bootstrap.figure([&](Rows rows) { return metrics::matthews(only(answered, rows)); });
  const auto figures = metrics::figures_by_label(answered);
  found.macro = figures_of(metrics::macro_average(figures));
  found.micro = figures_of(metrics::micro_average(figures));
  found.weighted = figures_of(metrics::weighted_average(figures));
  add_score_figures(scores, truth.labels, found);
  std::vector<double> errors(found.texts);
  std::vector<Wrong> wrong;
  for (std::size_t i = 0; i < found.texts; ++i) {
    if (answered.truth[i] == answered.answers[i]) continue;
    errors[i] = 1;
    wrong.push_back({i, labels[answered.truth[i]], best_label(predictions[i]), predictions[i].score});
  }
  found.lengths = length_bins(predictions, errors);
  add_label_figures(figures, scores, holds_of(answered), found);
  found.confusion = metrics::confusion(answered);
  list_wrong_answers(std::move(wrong), predictions, truth, options.worst, found);
}

AnsweredSets sets_of(const std::vector<Prediction>& predictions, const LabelledTexts& truth,
                     const std::vector<std::string>& labels) {
  AnsweredSets sets{{}, {}, labels.size()};
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    sets.truth.emplace_back(labels.size());
    sets.answers.emplace_back(labels.size());
    for (const std::size_t id : truth.label_sets[i]) sets.truth.back()[id] = true;
    for (const std::string& label : predictions[i].labels) sets.answers.back()[id_of(label, labels)] = true;
  }
  return sets;
}

/// Each label of each text is a choice of its own: it does not hold, or it does.
void judge_scores(const Scores& scores, const AnsweredSets& sets, Evaluation& found) {
  Scores choices{scores.values.size(), 2, {}};
  std::vector<std::size_t> truth;
  for (std::size_t i = 0; i < scores.texts; ++i) {
    for (std::size_t k = 0; k < scores.labels; ++k) {
      const double score = scores.of(i)[k];
      choices.values.insert(choices.values.end(), {1 - score, score});
      truth.push_back(sets.truth[i][k] ? 1 : 0);
    }
  }
  add_score_figures(choices, truth, found);
}

std::string listed(const std::vector<bool>& set, const std::vector<std::string>& labels) {
  std::string list;
  for (std::size_t k = 0; k < set.size(); ++k)
    if (set[k]) list += (list.empty() ? "" : ", ") + labels[k];
  return list.empty() ? "none" : list;
}

/// How far the score of a text's worst label is from what is true of it.
float farthest(const Scores& scores, const std::vector<bool>& truth, std::size_t text) {
  double most = 0;
  for (std::size_t k = 0; k < truth.size(); ++k)
    most = std::max(most, truth[k] ? 1 - scores.of(text)[k] : scores.of(text)[k]);
  return static_cast<float>(most);
}

void judge_sets(const std::vector<Prediction>& predictions, const LabelledTexts& truth, const EvaluateOptions& options,
                Evaluation& found) {
  const std::vector<std::string>& labels = found.model.labels;
  const AnsweredSets sets = sets_of(predictions, truth, labels);
  const Scores scores = scores_of(predictions, labels);
  const auto macro = [](const std::vector<metrics::LabelFigures>& figures) {
    return metrics::macro_average(figures, metrics::Over::all);
  };
  const Bootstrap bootstrap(found.texts, options.bootstrap);
  found.accuracy = bootstrap.figure([&](Rows rows) { return metrics::accuracy(only(sets, rows)); });
  found.macro_f1 = bootstrap.figure([&](Rows rows) { return macro(metrics::figures_by_label(only(sets, rows))).f1; });
  const auto figures = metrics::figures_by_label(sets);
  found.hamming_loss = metrics::hamming_loss(sets);
  found.macro = figures_of(macro(figures));
  found.micro = figures_of(metrics::micro_average(figures));
  found.weighted = figures_of(metrics::weighted_average(figures));
  judge_scores(scores, sets, found);
  Holds holds(labels.size(), std::vector<bool>(found.texts));
  std::vector<double> errors(found.texts);
  std::vector<Wrong> wrong;
  for (std::size_t i = 0; i < found.texts; ++i) {
    for (std::size_t k = 0; k < labels.size(); ++k) holds[k][i] = sets.truth[i][k];
    if (sets.truth[i] == sets.answers[i]) continue;
    errors[i] = 1;
    wrong.push_back(
        {i, listed(sets.truth[i], labels), listed(sets.answers[i], labels), farthest(scores, sets.truth[i], i)});
  }
  found.lengths = length_bins(predictions, errors);
  add_label_figures(figures, scores, holds, found);
  list_wrong_answers(std::move(wrong), predictions, truth, options.worst, found);
}

void judge_values(const std::vector<Prediction>& predictions, const LabelledTexts& truth,
                  const EvaluateOptions& options, Evaluation& found) {
  std::vector<double> answers;
  answers.reserve(predictions.size());
  for (const Prediction& prediction : predictions) answers.push_back(prediction.logits.front());
  const Bootstrap bootstrap(found.texts, options.bootstrap);
  using Measure = double (*)(std::span<const double>, std::span<const double>);
  const auto figure = [&](Measure measure) {
    return bootstrap.figure([&, measure](Rows rows) {
      std::vector<double> left;
      std::vector<double> right;
      for (const std::size_t row : rows) {
        left.push_back(truth.values[row]);
        right.push_back(answers[row]);
      }
      return measure(left, right);
    });
  };
  found.pearson = figure(metrics::pearson);
  found.spearman = figure(metrics::spearman);
  found.mean_squared_error = figure(metrics::mean_squared_error);
  std::vector<double> errors;
  std::vector<Wrong> wrong;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    found.values.push_back({truth.values[i], answers[i]});
    errors.push_back(std::abs(answers[i] - truth.values[i]));
    wrong.push_back(
        {i, dumped(truth.values[i]), dumped(static_cast<float>(answers[i])), static_cast<float>(errors[i])});
  }
  constexpr std::size_t kPoints = 1000;
  found.values = thinned(found.values, kPoints);
  found.lengths = length_bins(predictions, errors);
  list_wrong_answers(std::move(wrong), predictions, truth, options.worst, found);
}

void refuse(const std::string& what) { throw Error(ErrorCode::invalid_argument, "evaluate: expected " + what); }

void check_model(const ModelInfo& model) {
  if (model.task == Task::single_label && model.labels.size() == 1)
    refuse("a model of two labels or more, or one of numbers, found one of a single label");
  if (model.task == Task::regression && model.labels.size() > 1)
    refuse("a regression of one number, found one of more");
  for (auto label = model.labels.begin(); label != model.labels.end(); ++label) {
    if (std::find(label + 1, model.labels.end(), *label) != model.labels.end())
      refuse("a model with a name for each label, found two of " + in_quotes(*label));
  }
}

void check_bootstrap(std::size_t samples) {
  constexpr std::size_t kMost = 1'000'000;
  if (samples > kMost)
    refuse("bootstrap of at most " + std::to_string(kMost) + " samples, found " + std::to_string(samples));
}

Evaluation judged(const ModelInfo& model, const std::vector<Prediction>& predictions, const LabelledTexts& truth,
                  const EvaluateOptions& options) {
  Evaluation found;
  found.model = model;
  found.texts = truth.texts.size();
  found.truncated = count_truncated(predictions);
  found.task = model.task;
  if (model.task == Task::regression) {
    judge_values(predictions, truth, options, found);
  } else if (model.task == Task::multi_label) {
    judge_sets(predictions, truth, options, found);
  } else {
    judge_labels(predictions, truth, options, found);
  }
  return found;
}

/// Of each text, whether its label, or its set of labels, is right.
std::vector<bool> right_answers(const ModelInfo& model, const std::vector<Prediction>& predictions,
                                const LabelledTexts& truth) {
  std::vector<bool> right(predictions.size());
  if (model.task == Task::multi_label) {
    const AnsweredSets sets = sets_of(predictions, truth, model.labels);
    for (std::size_t i = 0; i < right.size(); ++i) right[i] = sets.truth[i] == sets.answers[i];
    return right;
  }
  for (std::size_t i = 0; i < right.size(); ++i) right[i] = best_label(predictions[i]) == model.labels[truth.labels[i]];
  return right;
}

Rivalry rivalry(const ModelInfo& other, const std::vector<bool>& mine, const std::vector<bool>& theirs) {
  Rivalry rivalry{.model = other.name};
  for (std::size_t i = 0; i < mine.size(); ++i) {
    rivalry.only_this_right += static_cast<std::size_t>(mine[i] && !theirs[i]);
    rivalry.only_other_right += static_cast<std::size_t>(theirs[i] && !mine[i]);
  }
  rivalry.accuracy = static_cast<double>(std::ranges::count(theirs, true)) / static_cast<double>(theirs.size());
  rivalry.p_value = metrics::mcnemar(rivalry.only_this_right, rivalry.only_other_right);
  return rivalry;
}

}  // namespace

Evaluation evaluate(const Classifier& classifier, const LabelledTexts& truth, const EvaluateOptions& options) {
  check_model(classifier.info());
  check_bootstrap(options.bootstrap);
  return judged(classifier.info(), answers_to(classifier, truth, options.reading, "evaluate"), truth, options);
}

Evaluation evaluate(const Classifier& classifier, const Classifier& other, const LabelledTexts& truth,
                    const EvaluateOptions& options) {
  check_model(classifier.info());
  check_bootstrap(options.bootstrap);
  const bool alike = other.info().task == classifier.info().task && other.info().labels == classifier.info().labels;
  if (classifier.info().task == Task::regression)
    throw Error(ErrorCode::invalid_argument,
                "evaluate: expected models that give labels to be compared, found one of numbers");
  if (!alike)
    throw Error(ErrorCode::invalid_argument, "evaluate: expected two models of one kind with the same labels");
  const auto mine = answers_to(classifier, truth, options.reading, "evaluate");
  Evaluation found = judged(classifier.info(), mine, truth, options);
  const auto theirs = answers_to(other, truth, options.reading, "evaluate");
  found.against =
      rivalry(other.info(), right_answers(classifier.info(), mine, truth), right_answers(other.info(), theirs, truth));
  return found;
}

}  // namespace tastevin
