#include "tastevin/classifier.h"

#include "base/stopwatch.h"
#include "base/threshold.h"
#include "calibration_file.h"
#include "classifier_parts.h"
#include "classify/batch/distinct.h"
#include "classify/decide/activation.h"
#include "long_texts.h"
#include "open_model.h"
#include "warm_up.h"

namespace tastevin {
namespace {

decide::Meaning meaning_of(const checkpoint::ModelConfig& config, const Calibration& calibration) {
  return {.labels = config.labels,
          .task = config.problem_type.value_or(Task::single_label),
          .activation = decide::default_activation(config.problem_type, config.labels.size()),
          .calibration = calibration};
}

/// The answer to each text, of those to the distinct ones.
std::vector<Prediction> repeated(const std::vector<Prediction>& answers, const std::vector<std::size_t>& which) {
  std::vector<Prediction> all;
  all.reserve(which.size());
  for (const std::size_t answer : which) all.push_back(answers[answer]);
  return all;
}

}  // namespace

Classifier::Classifier(std::unique_ptr<const Parts> parts) : parts_(std::move(parts)) {}
Classifier::~Classifier() = default;
Classifier::Classifier(Classifier&&) noexcept = default;
Classifier& Classifier::operator=(Classifier&&) noexcept = default;

std::vector<std::pair<std::uint32_t, std::uint32_t>> Classifier::words(std::string_view text) const {
  const std::vector<Span> spans = parts_->tokenizer.words(text);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> words;
  words.reserve(spans.size());
  for (const Span& span : spans) words.emplace_back(span.begin, span.end);
  return words;
}

const ModelInfo& Classifier::info() const noexcept { return parts_->info; }
std::size_t Classifier::threads() const noexcept { return parts_->session.threads(); }
std::size_t Classifier::streams() const noexcept { return parts_->session.in_flight(); }
const std::string& Classifier::device() const noexcept { return parts_->session.device(); }
Precision Classifier::precision() const noexcept { return parts_->session.precision(); }
const std::string& Classifier::warning() const noexcept { return parts_->warning; }

Classifier Classifier::load(const std::filesystem::path& model, const ModelOptions& options) {
  ModelParts opened = open_model(model);
  if (options.no_mmap) model_folder::read_into_memory(opened.graph);
  if (!options.no_calibration) opened.info.calibration = stored_calibration(opened.info);
  runtime::Session session(opened.graph.model, std::move(opened.graph.files), options);
  if (options.warm_up) warm_up(session, opened.tokenizer, plan_options(session, opened.info.max_length));
  decide::Meaning meaning = meaning_of(opened.config, opened.info.calibration);
  std::string warning = opened.tokenizer.warning();
  if (!session.warning().empty()) warning += (warning.empty() ? "" : "; ") + session.warning();
  return Classifier(std::make_unique<const Parts>(Parts{std::move(opened.info), std::move(opened.tokenizer),
                                                        std::move(session), std::move(meaning), std::move(warning)}));
}

Classified Classifier::classify(std::span<const Text> texts, const ClassifyOptions& options) const {
  const Stopwatch total;
  check_threshold(options, parts_->info.task);
  Classified result;
  const batch::Distinct distinct = batch::distinct(texts);
  std::vector<Prediction> answers(distinct.texts.size());
  Feed feed = parts_->feed(distinct.texts, options);
  LongTexts long_texts(parts_->meaning, options);

  parts_->run(feed, distinct.which, [&](const Feed::Part& part, std::span<const float> logits) {
    const Stopwatch deciding;
    if (part.whole) {
      Prediction& answer = answers[part.text];
      answer = decide::decide(logits, parts_->meaning, options);
      answer.tokens = part.tokens;
      answer.truncated = part.truncated;
    } else {
      long_texts.add(part, logits);
    }
    result.times.decide += deciding.ms();
  });

  long_texts.answer(answers);
  result.repeated = texts.size() - answers.size();
  result.predictions = result.repeated == 0 ? std::move(answers) : repeated(answers, distinct.which);
  result.tokens = feed.tokens();
  result.filler = feed.filler();
  result.times.tokenize = feed.tokenize_ms();
  result.times.batch = feed.batch_ms();
  result.times.total = total.ms();
  result.times.infer = result.times.total - result.times.tokenize - result.times.batch - result.times.decide;
  return result;
}

Prediction Classifier::classify(std::string_view text, const ClassifyOptions& options) const {
  const Text one{text};
  return classify(std::span(&one, 1), options).predictions.front();
}

}  // namespace tastevin
