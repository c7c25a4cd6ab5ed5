#include "graph_answers.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <openvino/core/model.hpp>

#include "classifier_parts.h"
#include "work/metrics/metrics.h"

namespace tastevin {
namespace {

constexpr std::size_t kTimedTexts = 256;

std::vector<std::vector<float>> logits_of(const runtime::Session& session, const ModelParts& parts,
                                          std::span<const Text> texts) {
  const std::size_t limit = parts.info.max_length;
  Feed feed(parts.tokenizer, texts, {.encoding = {.max_length = limit}}, plan_options(session, limit));
  std::vector<std::vector<float>> logits(texts.size());
  run(session, feed, parts.info.labels.size(), [&logits](const Feed::Part& part, std::span<const float> row) {
    logits[part.text].assign(row.begin(), row.end());
  });
  return logits;
}

std::size_t top_label(const std::vector<float>& logits) {
  return static_cast<std::size_t>(std::ranges::max_element(logits) - logits.begin());
}

/// The top label of one of many; of labels that hold on their own, which of them do.
bool same_answer(const std::vector<float>& left, const std::vector<float>& right, bool one_of_many) {
  if (one_of_many) return top_label(left) == top_label(right);
  return std::ranges::equal(left, right, [](float one, float other) { return (one > 0) == (other > 0); });
}

bool is_finite(const std::vector<float>& logits) {
  return std::ranges::all_of(logits, [](float logit) { return std::isfinite(logit); });
}

/// Wilson's interval at 95 %.
Share share_of(std::size_t count, std::size_t total) {
  constexpr double kZ = 1.959964;
  const auto n = static_cast<double>(total);
  const double share = static_cast<double>(count) / n;
  const double centre = (share + kZ * kZ / (2 * n)) / (1 + kZ * kZ / n);
  const double half = kZ / (1 + kZ * kZ / n) * std::sqrt(share * (1 - share) / n + kZ * kZ / (4 * n * n));
  return {100 * share, 100 * std::max(0.0, centre - half), 100 * std::min(1.0, centre + half)};
}

/// The truth beside the best label of each answer.
metrics::Answered judged(const Answers& answers, const std::vector<std::size_t>& truth, std::size_t labels) {
  metrics::Answered judged{.truth = truth, .answers = {}, .labels = labels};
  for (std::size_t i = 0; i < truth.size(); ++i) judged.answers.push_back(top_label(answers.logits[i]));
  return judged;
}

Share share_right(const metrics::Answered& judged) {
  std::size_t right = 0;
  for (const metrics::LabelFigures& label : metrics::figures_by_label(judged)) right += label.right;
  return share_of(right, judged.truth.size());
}

double macro_f1(const metrics::Answered& judged) {
  return 100 * metrics::macro_average(metrics::figures_by_label(judged)).f1;
}

}  // namespace

Answers answers_of(const std::shared_ptr<ov::Model>& graph, const ModelParts& parts, std::span<const std::string> texts,
                   std::size_t threads) {
  const runtime::Session session(graph->clone(), {}, {.device = "CPU", .threads = threads, .cache_dir = "none"});
  const std::vector<Text> views(texts.begin(), texts.end());
  Answers answers{logits_of(session, parts, views), 0};
  const auto timed = std::span(views).first(std::min(views.size(), kTimedTexts));
  for (int pass = 0; pass < 2 && !timed.empty(); ++pass) {
    const Stopwatch watch;
    logits_of(session, parts, timed);
    answers.texts_per_s = std::max(answers.texts_per_s, static_cast<double>(timed.size()) / watch.ms() * 1e3);
  }
  return answers;
}

QuantizeQuality compare(const Answers& before, const Answers& after, const JudgedTexts& texts, const ModelInfo& model) {
  const bool one_of_many = model.task == Task::single_label && model.labels.size() > 1;
  QuantizeQuality quality;
  quality.texts = texts.texts.size();
  quality.labelled = !texts.labels.empty();
  std::size_t agreeing = 0;
  for (std::size_t i = 0; i < quality.texts; ++i) {
    // An answer that is no number agrees with nothing.
    const bool finite = is_finite(after.logits[i]);
    agreeing += static_cast<std::size_t>(finite && same_answer(before.logits[i], after.logits[i], one_of_many));
    for (std::size_t k = 0; k < before.logits[i].size(); ++k) {
      const double difference =
          finite ? std::abs(before.logits[i][k] - after.logits[i][k]) : std::numeric_limits<double>::infinity();
      quality.largest_logit_difference = std::max(quality.largest_logit_difference, difference);
    }
  }
  quality.agreement = share_of(agreeing, quality.texts);
  if (!quality.labelled) return quality;
  const metrics::Answered judged_before = judged(before, texts.labels, model.labels.size());
  const metrics::Answered judged_after = judged(after, texts.labels, model.labels.size());
  quality.accuracy = {share_right(judged_before), share_right(judged_after)};
  quality.macro_f1 = {macro_f1(judged_before), macro_f1(judged_after)};
  return quality;
}

double distance(const Answers& left, const Answers& right) {
  double sum = 0;
  double count = 0;
  for (std::size_t i = 0; i < std::min(left.logits.size(), right.logits.size()); ++i) {
    for (std::size_t k = 0; k < left.logits[i].size(); ++k, count += 1) {
      const double difference = static_cast<double>(left.logits[i][k]) - right.logits[i][k];
      sum += difference * difference;
    }
  }
  if (!std::isfinite(sum)) return std::numeric_limits<double>::infinity();
  return count > 0 ? std::sqrt(sum / count) : 0;
}

}  // namespace tastevin
