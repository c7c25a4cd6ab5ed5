#include "tastevin/classifier.h"

#include "base/error.h"
#include "base/stopwatch.h"
#include "classify/batch/distinct.h"
#include "classify/decide/activation.h"
#include "classify/decide/decide.h"
#include "classify/runtime/session.h"
#include "feed.h"
#include "long_texts.h"
#include "open_model.h"
#include "tastevin/calibrate.h"
#include "warm_up.h"

namespace tastevin {
namespace {

decide::Meaning meaning_of(const checkpoint::ModelConfig& config, const Calibration& calibration) {
  return {.labels = config.labels,
          .task = config.problem_type.value_or(Task::single_label),
          .activation = decide::default_activation(
              {config.problem_type, config.labels.size(), config.function_to_apply ? *config.function_to_apply : ""}),
          .calibration = calibration};
}

/// That which lies in the folder, if it is one of this model.
Calibration calibration_of(const ModelInfo& model) {
  Calibration calibration = read_calibration(model.folder);
  const std::size_t thresholds = calibration.thresholds.size();
  if (thresholds > 0 && (model.task != Task::multi_label || thresholds != model.labels.size())) {
    throw Error(ErrorCode::bad_checkpoint, (model.folder / "calibration.json").string() +
                                               ": thresholds: expected one for each of " +
                                               std::to_string(model.labels.size()) +
                                               " labels that hold together, found " + std::to_string(thresholds));
  }
  return calibration;
}

/// A setting that would have no effect is refused.
void check_windows(const ClassifyOptions& options) {
  const auto refuse = [](const char* what) { throw Error(ErrorCode::invalid_argument, what); };
  const bool windows = options.long_text == LongText::window;
  if (!windows && (options.window > 0 || options.stride > 0 || options.aggregate != Aggregate::mean))
    refuse("window, stride, aggregate: expected long window, found truncate");
  if (windows && options.truncation != Truncation::right)
    refuse("long window: nothing is cut; expected no truncation left or error");
}

Reading reading(const ClassifyOptions& options, std::size_t limit) {
  check_windows(options);
  const auto within = [limit](const char* name, std::size_t tokens) {
    if (limit == 0 || tokens <= limit) return tokens == 0 ? limit : tokens;
    throw Error(ErrorCode::invalid_argument, std::string(name) + " " + std::to_string(tokens) +
                                                 ": the model takes at most " + std::to_string(limit) + " tokens");
  };
  Reading reading{{.max_length = within("max-length", options.max_length),
                   .truncation = options.truncation,
                   .pair_truncation = options.pair_truncation}};
  if (options.long_text == LongText::window) {
    if (options.window > 0) reading.encoding.max_length = within("window", options.window);
    reading.shared = options.stride == 0 ? reading.encoding.max_length / 4 : options.stride;
  }
  return reading;
}

batch::PlanOptions plan_options(const runtime::Session& session, std::size_t limit) {
  return {.packing = session.packs() ? batch::Packing::several_texts_a_row : batch::Packing::one_text_a_row,
          .limit = limit,
          .in_flight = session.in_flight(),
          .cost = {}};
}

}  // namespace

struct Classifier::Parts {
  ModelInfo info;
  tokenizer::Tokenizer tokenizer;
  runtime::Session session;
  decide::Meaning meaning;
};

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
const std::string& Classifier::warning() const noexcept { return parts_->session.warning(); }

Classifier Classifier::load(const std::filesystem::path& model, const ModelOptions& options) {
  ModelParts opened = open_model(model);
  if (!options.no_calibration) opened.info.calibration = calibration_of(opened.info);
  runtime::Session session(opened.graph.model, std::move(opened.graph.files), options);
  if (options.warm_up) warm_up(session, opened.tokenizer, plan_options(session, opened.info.max_length));
  decide::Meaning meaning = meaning_of(opened.config, opened.info.calibration);
  return Classifier(std::make_unique<const Parts>(
      Parts{std::move(opened.info), std::move(opened.tokenizer), std::move(session), std::move(meaning)}));
}

Classified Classifier::classify(std::span<const Text> texts, const ClassifyOptions& options) const {
  const Stopwatch total;
  const auto& [info, tokenizer, session, meaning] = *parts_;
  Classified result;
  const batch::Distinct distinct = batch::distinct(texts);
  std::vector<Prediction> answers(distinct.texts.size());
  Feed feed(tokenizer, distinct.texts, reading(options, info.max_length), plan_options(session, info.max_length));
  LongTexts long_texts(meaning, options);

  session.infer_all([&feed] { return feed.next(); },
                    [&](const Batch& batch, const Logits& logits) {
                      const Stopwatch deciding;
                      for (std::size_t slot = 0; slot < logits.slots; ++slot) {
                        if (batch.source[slot] == kNoText) continue;
                        const Feed::Part& part = feed.part(batch.source[slot]);
                        if (!part.whole) {
                          long_texts.add(part, logits.of(slot));
                          continue;
                        }
                        Prediction& answer = answers[part.text];
                        answer = decide::decide(logits.of(slot), meaning, options);
                        answer.tokens = part.tokens;
                        answer.truncated = part.truncated;
                      }
                      result.times.decide += deciding.ms();
                    });

  long_texts.answer(answers);
  result.predictions.reserve(texts.size());
  for (const std::size_t which : distinct.which) result.predictions.push_back(answers[which]);
  result.repeated = texts.size() - answers.size();
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
