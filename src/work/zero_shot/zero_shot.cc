#include "tastevin/zero_shot.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/ascii.h"
#include "base/error.h"
#include "base/ranking.h"
#include "base/utf8.h"
#include "work/steps/steps.h"

namespace tastevin {
namespace {

/// The only label that begins with `word`, in any case.
std::optional<std::size_t> id_of(const std::vector<std::string>& labels, const char* word) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (!ascii::lower(labels[i]).starts_with(word)) continue;
    if (found) return std::nullopt;
    found = i;
  }
  return found;
}

struct Inference {
  std::size_t entailment = 0;
  std::optional<std::size_t> contradiction;
};

Inference inference_of(const ModelInfo& model, bool each_alone) {
  const auto entailment = id_of(model.labels, "entail");
  auto contradiction = id_of(model.labels, "contra");
  if (entailment && model.labels.size() == 2) contradiction = 1 - *entailment;  // "not_entailment"
  if (entailment && (contradiction || !each_alone)) return {*entailment, contradiction};
  throw Error(ErrorCode::unsupported_model, "zero-shot: expected a model of natural language inference, with a label " +
                                                std::string(entailment ? "contradiction" : "entailment") + ", found " +
                                                list_in_quotes(model.labels));
}

std::vector<std::string> trimmed(std::span<const std::string> labels) {
  if (labels.empty()) throw Error(ErrorCode::invalid_argument, "zero-shot: expected a label, found none");
  std::vector<std::string> all;
  for (const std::string& label : labels) {
    all.push_back(ascii::trimmed(label));
    if (all.back().empty()) throw Error(ErrorCode::invalid_argument, "zero-shot: expected labels, found an empty one");
    if (!utf8::is_valid(label))
      throw Error(ErrorCode::invalid_argument, "zero-shot: expected labels in UTF-8, found " + in_quotes(label));
  }
  return all;
}

std::vector<std::string> hypotheses_of(std::span<const std::string> labels, const std::string& hypothesis_template) {
  const std::size_t place = hypothesis_template.find("{}");
  if (place != std::string::npos && hypothesis_template.find("{}", place + 2) != std::string::npos)
    throw Error(ErrorCode::invalid_argument, "template: expected one {} in it, found more");
  if (place == std::string::npos) {
    throw Error(ErrorCode::invalid_argument, "template: expected {} in it, found " + in_quotes(hypothesis_template));
  }
  std::vector<std::string> hypotheses;
  for (const std::string& label : labels)
    hypotheses.push_back(std::string(hypothesis_template).replace(place, 2, label));
  return hypotheses;
}

/// Of the labels together: which of them is entailed most.
std::vector<float> shares(const std::vector<double>& entailments) {
  const double largest = *std::ranges::max_element(entailments);
  double sum = 0;
  for (const double value : entailments) sum += std::exp(value - largest);
  std::vector<float> shares;
  shares.reserve(entailments.size());
  for (const double value : entailments) shares.push_back(static_cast<float>(std::exp(value - largest) / sum));
  return shares;
}

/// Of each label alone: entailed rather than contradicted.
float share(double entailment, double contradiction) {
  return static_cast<float>(1 / (1 + std::exp(contradiction - entailment)));
}

Prediction ranked(const std::vector<float>& scores, std::span<const std::string> labels, bool multi_label) {
  constexpr float kHolds = 0.5F;
  Prediction prediction;
  for (const std::size_t i : highest_first(scores)) prediction.scores.push_back({labels[i], scores[i], i});
  prediction.multi_label = multi_label;
  for (const ScoredLabel& scored : prediction.scores)
    if (multi_label && scored.score >= kHolds) prediction.labels.push_back(scored.label);
  prediction.label = prediction.scores.front().label;
  prediction.score = prediction.scores.front().score;
  return prediction;
}

/// Makes the answer to one text of the answers to its pairs, one a label.
Prediction answer_of(std::span<const Prediction> pairs, std::span<const std::string> labels, const Inference& inference,
                     bool each_alone, bool multi_label) {
  std::vector<float> scores;
  std::vector<double> entailments;
  std::size_t tokens = 0;
  bool truncated = false;
  for (const Prediction& pair : pairs) {
    entailments.push_back(pair.logits[inference.entailment]);
    if (each_alone) scores.push_back(share(entailments.back(), pair.logits[inference.contradiction.value_or(0)]));
    tokens += pair.tokens;
    truncated = truncated || pair.truncated;
  }
  Prediction answer = ranked(each_alone ? scores : shares(entailments), labels, multi_label);
  answer.tokens = tokens;
  answer.truncated = truncated;
  return answer;
}

}  // namespace

bool can_zero_shot(const ModelInfo& model) { return id_of(model.labels, "entail").has_value(); }

std::vector<Prediction> zero_shot(const Classifier& classifier, std::span<const std::string> texts,
                                  std::span<const std::vector<std::string>> label_sets,
                                  const ZeroShotOptions& options) {
  if (label_sets.size() != texts.size()) {
    throw Error(ErrorCode::invalid_argument, "zero-shot: expected labels for each of " + std::to_string(texts.size()) +
                                                 " texts, found " + std::to_string(label_sets.size()));
  }
  std::vector<std::vector<std::string>> labels;
  std::vector<std::vector<std::string>> hypotheses;  // a list for each text, as are the labels
  labels.reserve(texts.size());
  hypotheses.reserve(texts.size());
  for (const std::vector<std::string>& given : label_sets) {
    labels.push_back(trimmed(given));
    hypotheses.push_back(hypotheses_of(labels.back(), options.hypothesis_template));
  }
  std::vector<Text> pairs;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (const std::string& hypothesis : hypotheses[i]) pairs.push_back({texts[i], hypothesis});
  }
  const auto is_alone = [&options](const std::vector<std::string>& own) {  // as the pipeline has it
    return options.multi_label || own.size() == 1;
  };
  const Inference inference = inference_of(classifier.info(), std::ranges::any_of(labels, is_alone));
  ClassifyOptions classify;
  classify.pair_truncation = PairTruncation::only_first;
  classify.logits = true;
  const std::vector<Prediction> judged = predict_in_steps(classifier, pairs, classify, options.before_step);

  std::vector<Prediction> answers;
  answers.reserve(texts.size());
  std::size_t begin = 0;
  for (const std::vector<std::string>& own : labels) {
    const auto own_pairs = std::span(judged).subspan(begin, own.size());
    answers.push_back(answer_of(own_pairs, own, inference, is_alone(own), options.multi_label));
    begin += own.size();
  }
  return answers;
}

std::vector<Prediction> zero_shot(const Classifier& classifier, std::span<const std::string> texts,
                                  std::span<const std::string> labels, const ZeroShotOptions& options) {
  const std::vector<std::vector<std::string>> label_sets(texts.size(), trimmed(labels));
  return zero_shot(classifier, texts, std::span(label_sets), options);
}

}  // namespace tastevin
