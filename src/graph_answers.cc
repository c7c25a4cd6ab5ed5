#include "graph_answers.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <openvino/core/model.hpp>

#include "classifier_parts.h"

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

std::size_t right_answers(const Answers& answers, const std::vector<std::size_t>& labels) {
  std::size_t right = 0;
  for (std::size_t i = 0; i < labels.size(); ++i)
    right += static_cast<std::size_t>(top_label(answers.logits[i]) == labels[i]);
  return right;
}

/// The mean of the labels' F1, of those that occur in truth or answer.
double macro_f1(const Answers& answers, const std::vector<std::size_t>& truth, std::size_t labels) {
  struct Counts {
    double right = 0, answered = 0, true_ones = 0;
  };
  std::vector<Counts> counts(labels);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const std::size_t answer = top_label(answers.logits[i]);
    counts[answer].answered += 1;
    counts[truth[i]].true_ones += 1;
    if (answer == truth[i]) counts[answer].right += 1;
  }
  double sum = 0;
  double occurring = 0;
  for (const Counts& label : counts) {
    if (label.answered + label.true_ones == 0) continue;
    sum += 2 * label.right / (label.answered + label.true_ones);
    occurring += 1;
  }
  return 100 * sum / occurring;
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

QuantizeQuality compare(const Answers& before, const Answers& after, const JudgedTexts& judged,
                        const ModelInfo& model) {
  const bool one_of_many = model.task == Task::single_label && model.labels.size() > 1;
  QuantizeQuality quality;
  quality.texts = judged.texts.size();
  quality.labelled = !judged.labels.empty();
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
  quality.accuracy = {share_of(right_answers(before, judged.labels), quality.texts),
                      share_of(right_answers(after, judged.labels), quality.texts)};
  quality.macro_f1 = {macro_f1(before, judged.labels, model.labels.size()),
                      macro_f1(after, judged.labels, model.labels.size())};
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
