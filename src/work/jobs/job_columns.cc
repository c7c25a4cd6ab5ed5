#include "work/jobs/job_columns.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/error.h"
#include "base/json.h"

namespace tastevin::jobs {
namespace {

constexpr std::array kKnown{"scores", "logits", "margin", "entropy", "tokens", "truncated"};

/// The fewest digits that read back the same.
std::string text_of(float value) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

/// In label-id order; they come best first.
std::vector<float> scores_by_id(const Prediction& prediction, const std::vector<std::string>& labels) {
  std::vector<float> scores(labels.size(), 0);
  for (const ScoredLabel& scored : prediction.scores) {
    const auto place = std::ranges::find(labels, scored.label) - labels.begin();
    scores[static_cast<std::size_t>(place)] = scored.score;
  }
  return scores;
}

/// How far the best score is above the second.
float margin(const Prediction& prediction) {
  const auto& scores = prediction.scores;
  return scores.size() < 2 ? scores.front().score : scores[0].score - scores[1].score;
}

/// In nats; 0 for a certain answer.
float entropy(const Prediction& prediction) {
  double sum = 0;
  for (const ScoredLabel& scored : prediction.scores) {
    if (scored.score > 0) sum -= scored.score * std::log(static_cast<double>(scored.score));
  }
  return static_cast<float>(sum);
}

}  // namespace

AddedColumns::AddedColumns(const std::vector<std::string>& add, const ModelInfo& model,
                           const std::vector<std::string>& taken)
    : add_(add.begin(), add.end()), taken_(taken.begin(), taken.end()), labels_(model.labels) {
  for (const std::string& name : add_) {
    if (std::ranges::find(kKnown, name) != kKnown.end()) continue;
    throw Error(ErrorCode::invalid_argument,
                "add: expected scores, logits, margin, entropy, tokens or truncated, found " + in_quotes(name));
  }
  names_ = {"label", "score"};
  if (has("scores")) {
    for (const std::string& label : labels_) names_.push_back("score_" + label);
  }
  if (has("logits")) {
    for (const std::string& label : labels_) names_.push_back("logit_" + label);
  }
  for (const char* name : {"margin", "entropy", "tokens", "truncated"})
    if (has(name)) names_.emplace_back(name);
  names_.emplace_back("error");
  for (std::string& name : names_) name = own(name);
}

std::vector<std::string> AddedColumns::values(const Outcome& outcome) const {
  if (!outcome.error.empty()) {
    std::vector<std::string> values(names_.size());
    values.back() = outcome.error;
    return values;
  }
  const Prediction& answer = outcome.prediction;
  std::vector<std::string> values{answer.label, text_of(answer.score)};
  if (has("scores")) {
    for (const float score : scores_by_id(answer, labels_)) values.push_back(text_of(score));
  }
  if (has("logits")) {
    for (const float logit : answer.logits) values.push_back(text_of(logit));
  }
  if (has("margin")) values.push_back(text_of(margin(answer)));
  if (has("entropy")) values.push_back(text_of(entropy(answer)));
  if (has("tokens")) values.push_back(std::to_string(answer.tokens));
  if (has("truncated")) values.emplace_back(answer.truncated ? "true" : "false");
  values.emplace_back();
  return values;
}

std::string AddedColumns::members(const Outcome& outcome) const {
  AnswerJson json;
  if (!outcome.error.empty()) {
    json = {{own("label"), nullptr}, {own("score"), nullptr}, {own("error"), outcome.error}};
  } else {
    const Prediction& answer = outcome.prediction;
    json = {{own("label"), answer.label}, {own("score"), answer.score}};
    if (has("scores")) json[own("scores")] = scores_by_id(answer, labels_);
    if (has("logits")) json[own("logits")] = answer.logits;
    if (has("margin")) json[own("margin")] = margin(answer);
    if (has("entropy")) json[own("entropy")] = entropy(answer);
    if (has("tokens")) json[own("tokens")] = answer.tokens;
    if (has("truncated")) json[own("truncated")] = answer.truncated;
    json[own("error")] = nullptr;
  }
  const std::string object = json.dump(-1, ' ', false, AnswerJson::error_handler_t::replace);
  return object.substr(1, object.size() - 2);
}

}  // namespace tastevin::jobs
