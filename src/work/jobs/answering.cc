#include "work/jobs/answering.h"

#include <algorithm>
#include <set>
#include <type_traits>

#include "base/ascii.h"
#include "base/error.h"
#include "base/json.h"
#include "base/reading.h"
#include "work/tables/labels.h"

namespace tastevin::jobs {
namespace {

template <class Options>
AnswerJson json_of(const Options& options) {
  AnswerJson json = AnswerJson::object();
  Options::fields(options, [&json](const char* name, const auto& value, const char*) {
    using Value = std::remove_cvref_t<decltype(value)>;
    if constexpr (requires { value.has_value(); }) {
      json[name] = value.has_value() ? AnswerJson(*value) : AnswerJson(nullptr);
    } else if constexpr (std::is_enum_v<Value>) {
      json[name] = name_of(value);
    } else {
      json[name] = value;
    }
  });
  return json;
}

bool adds(const JobOptions& job, const char* name) { return std::ranges::find(job.add, name) != job.add.end(); }

/// What is kept of answers, nothing where scores cannot be told apart by their labels.
std::optional<Kept> kept_of(const JobOptions& job, const std::vector<std::string>& labels, Kept kept) {
  if (std::set(labels.begin(), labels.end()).size() == labels.size()) return kept;
  if (adds(job, "scores") || adds(job, "logits"))
    throw Error(
        ErrorCode::invalid_argument,
        "add: expected a name of its own for each label for scores and logits, found " + list_in_quotes(labels));
  return std::nullopt;
}

}  // namespace

Answering classifying(const Classifier& classifier, const JobOptions& job, const ClassifyOptions& options) {
  if (options.top_k != ClassifyOptions().top_k || options.threshold || options.logits) {
    throw Error(ErrorCode::invalid_argument,
                "top-k, threshold, logits: a row of a job has its best label; expected add, of scores and logits");
  }
  if (!job.pair_column.empty()) check_pair_windows(options);
  if (adds(job, "labels") && classifier.info().task != Task::multi_label)
    throw Error(ErrorCode::invalid_argument,
                "add: expected a model that gives several labels at once for labels, found one that gives one");
  if (adds(job, "windows") && options.long_text != LongText::window)
    throw Error(ErrorCode::invalid_argument, "add: expected long window for windows, found truncate");
  const bool one_of_many = classifier.info().task == Task::single_label && classifier.info().labels.size() > 1;
  const bool sums_to_one =
      options.function_to_apply == Activation::automatic || options.function_to_apply == Activation::softmax;
  if ((adds(job, "margin") && !one_of_many) || (adds(job, "entropy") && !(one_of_many && sums_to_one)))
    throw Error(ErrorCode::invalid_argument,
                "add: expected a model that gives one label of many for margin, and by softmax for entropy, found " +
                    std::string(name_of(classifier.info().task)) + " with " +
                    std::to_string(classifier.info().labels.size()) + " labels");
  const std::vector<std::string>& labels = classifier.info().labels;
  ClassifyOptions all = options;
  all.top_k = 0;
  all.logits = adds(job, "logits");
  return {.answer = [&classifier, all](
                        std::span<const Text> texts) { return std::move(classifier.classify(texts, all).predictions); },
          .second_column = job.pair_column,
          .labels = labels,
          .kept = adds(job, "windows") ? std::nullopt : kept_of(job, labels, {all.logits, adds(job, "labels")}),
          .record = dumped(json_of(options))};
}

Answering zero_shot_answering(const Classifier& classifier, const JobOptions& job, const ZeroShotJob& zero_shot) {
  if (zero_shot.labels.empty() == zero_shot.labels_column.empty())
    throw Error(ErrorCode::invalid_argument, "zero-shot: expected either labels or labels-column");
  if (!job.pair_column.empty())
    throw Error(ErrorCode::invalid_argument, "pair-column: zero-shot's second texts are its labels");
  const bool own_labels = zero_shot.labels.empty();
  if (adds(job, "logits")) throw Error(ErrorCode::invalid_argument, "add: zero-shot's answers have no logits");
  if (zero_shot.options.multi_label && (adds(job, "margin") || adds(job, "entropy")))
    throw Error(ErrorCode::invalid_argument,
                "add: expected one label of many for margin and entropy, found multi-label");
  if (adds(job, "labels") && !zero_shot.options.multi_label)
    throw Error(ErrorCode::invalid_argument, "add: expected multi-label for labels, found one label of many");
  if (adds(job, "windows")) throw Error(ErrorCode::invalid_argument, "add: zero-shot's answers have no windows");
  std::vector<std::string> labels;  // as zero_shot names them in its answers
  labels.reserve(zero_shot.labels.size());
  for (const std::string& label : zero_shot.labels) labels.push_back(ascii::trimmed(label));
  AnswerJson record = json_of(zero_shot.options);
  record["labels"] = zero_shot.labels;
  record["labels-column"] = zero_shot.labels_column;
  const auto refusal = [](const Text& text) -> std::string {
    try {
      const auto own = tables::label_list(std::string(*text.pair), {}, "labels");
      if (own.empty()) return "the row has no label";
      const auto is_empty = [](const std::string& label) { return ascii::trimmed(label).empty(); };
      return std::ranges::any_of(own, is_empty) ? "the row has an empty label" : "";
    } catch (const Error& error) {
      return error.what();
    }
  };
  const auto answer = [&classifier, zero_shot](std::span<const Text> texts) {
    std::vector<std::string> own;
    std::vector<std::vector<std::string>> label_sets;
    for (const Text& text : texts) {
      own.emplace_back(text.text);
      label_sets.push_back(text.pair ? tables::label_list(std::string(*text.pair), {}, "labels") : zero_shot.labels);
    }
    return tastevin::zero_shot(classifier, own, std::span(label_sets), zero_shot.options);
  };
  return {.answer = answer,
          .refusal = own_labels ? std::function<std::string(const Text&)>(refusal) : nullptr,
          .second_column = zero_shot.labels_column,
          .labels = labels,
          .kept = own_labels ? std::nullopt : kept_of(job, labels, {false, adds(job, "labels")}),
          .record = dumped(record)};
}

}  // namespace tastevin::jobs
