#include "work/jobs/job_columns.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/prediction_json.h"

namespace tastevin::jobs {
namespace {

using tables::AddedColumn;
using tables::ValueType;

constexpr std::array kKnown{"labels", "scores", "logits", "margin", "entropy", "tokens", "truncated", "windows"};

std::string known_names() {
  std::string names;
  for (const char* name : kKnown) names.append(names.empty() ? "" : ", ").append(name);
  return names;
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

AddedColumns::AddedColumns(const std::vector<std::string>& add, std::vector<std::string> labels,
                           const std::vector<std::string>& taken)
    : add_(add.begin(), add.end()), labels_(std::move(labels)) {
  for (const std::string& name : add_) {
    if (std::ranges::find(kKnown, name) != kKnown.end()) continue;
    throw Error(ErrorCode::invalid_argument, "add: expected some of " + known_names() + ", found " + in_quotes(name));
  }
  const auto is_taken = [&taken](const std::string& name) { return std::ranges::find(taken, name) != taken.end(); };
  const auto own = [&is_taken](const std::string& name) { return tables::free_name(name, is_taken); };
  const auto by_label = [&](const std::string& prefix) {
    std::vector<std::string> names;
    names.reserve(labels_.size());
    for (const std::string& label : labels_) names.push_back(own(prefix + label));
    return names;
  };
  columns_ = {{own("label"), ValueType::text, {}}, {own("score"), ValueType::number, {}}};
  if (has("labels")) columns_.push_back({own("labels"), ValueType::texts, {}});
  if (has("scores"))
    columns_.push_back(labels_.empty() ? AddedColumn{own("scores"), ValueType::json, {}}
                                       : AddedColumn{own("scores"), ValueType::numbers, by_label("score_")});
  if (has("logits")) columns_.push_back({own("logits"), ValueType::numbers, by_label("logit_")});
  if (has("margin")) columns_.push_back({own("margin"), ValueType::number, {}});
  if (has("entropy")) columns_.push_back({own("entropy"), ValueType::number, {}});
  if (has("tokens")) columns_.push_back({own("tokens"), ValueType::count, {}});
  if (has("truncated")) columns_.push_back({own("truncated"), ValueType::truth, {}});
  if (has("windows")) columns_.push_back({own("windows"), ValueType::json, {}});
  columns_.push_back({own("error"), ValueType::text, {}});
}

tables::AddedValues AddedColumns::values(const Outcome& outcome) const {
  tables::AddedValues values;
  values.reserve(columns_.size());
  if (!outcome.error.empty()) {
    values.resize(columns_.size());
    values.back() = outcome.error;
    return values;
  }
  const Prediction& answer = outcome.prediction;
  values.emplace_back(answer.label);
  values.emplace_back(answer.score);
  if (has("labels")) values.emplace_back(answer.labels);
  if (has("scores") && labels_.empty()) values.emplace_back(tables::JsonText{dumped(scores_json(answer))});
  if (has("scores") && !labels_.empty()) values.emplace_back(scores_by_id(answer, labels_.size()));
  if (has("logits")) values.emplace_back(answer.logits);
  if (has("margin")) values.emplace_back(margin(answer));
  if (has("entropy")) values.emplace_back(entropy(answer));
  if (has("tokens")) values.emplace_back(std::uint64_t{answer.tokens});
  if (has("truncated")) values.emplace_back(answer.truncated);
  if (has("windows")) values.emplace_back(tables::JsonText{dumped(windows_json(answer))});
  values.emplace_back();
  return values;
}

}  // namespace tastevin::jobs
