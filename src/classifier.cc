#include "tastevin/classifier.h"

#include "base/error.h"
#include "base/stopwatch.h"
#include "classify/batch/distinct.h"
#include "classify/decide/activation.h"
#include "classify/decide/decide.h"
#include "classify/runtime/session.h"
#include "feed.h"
#include "open_model.h"
#include "warm_up.h"

namespace tastevin {
namespace {

decide::Meaning meaning_of(const checkpoint::ModelConfig& config) {
  return {.labels = config.labels,
          .task = config.problem_type.value_or(Task::single_label),
          .activation = decide::default_activation(
              {config.problem_type, config.labels.size(), config.function_to_apply ? *config.function_to_apply : ""})};
}

tokenizer::EncodeOptions encode_options(const ClassifyOptions& options, std::size_t limit) {
  if (limit > 0 && options.max_length > limit) {
    throw Error(ErrorCode::invalid_argument, "max-length " + std::to_string(options.max_length) +
                                                 ": the model takes at most " + std::to_string(limit) + " tokens");
  }
  return {.max_length = options.max_length == 0 ? limit : options.max_length,
          .truncation = options.truncation,
          .pair_truncation = options.pair_truncation};
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

const ModelInfo& Classifier::info() const noexcept { return parts_->info; }
std::size_t Classifier::threads() const noexcept { return parts_->session.threads(); }
std::size_t Classifier::streams() const noexcept { return parts_->session.in_flight(); }
const std::string& Classifier::device() const noexcept { return parts_->session.device(); }
Precision Classifier::precision() const noexcept { return parts_->session.precision(); }
const std::string& Classifier::warning() const noexcept { return parts_->session.warning(); }

Classifier Classifier::load(const std::filesystem::path& model, const ModelOptions& options) {
  ModelParts opened = open_model(model);
  runtime::Session session(opened.graph.model, std::move(opened.graph.files), options);
  if (options.warm_up) warm_up(session, opened.tokenizer, plan_options(session, opened.info.max_length));
  return Classifier(std::make_unique<const Parts>(
      Parts{std::move(opened.info), std::move(opened.tokenizer), std::move(session), meaning_of(opened.config)}));
}

Classified Classifier::classify(std::span<const Text> texts, const ClassifyOptions& options) const {
  const Stopwatch total;
  const auto& [info, tokenizer, session, meaning] = *parts_;
  Classified result;
  const batch::Distinct distinct = batch::distinct(texts);
  std::vector<Prediction> answers(distinct.texts.size());
  Feed feed(tokenizer, distinct.texts, encode_options(options, info.max_length),
            plan_options(session, info.max_length));

  session.infer_all([&feed] { return feed.next(); },
                    [&](const Batch& batch, const Logits& logits) {
                      const Stopwatch deciding;
                      for (std::size_t slot = 0; slot < logits.slots; ++slot) {
                        const std::size_t source = batch.source[slot];
                        if (source == kNoText) continue;
                        answers[source] = decide::decide(logits.of(slot), meaning, options);
                        answers[source].tokens = feed.seen(source).tokens;
                        answers[source].truncated = feed.seen(source).truncated;
                      }
                      result.times.decide += deciding.ms();
                    });

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
