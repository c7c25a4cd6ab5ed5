#include "tastevin/tastevin_c.h"

#include <exception>
#include <limits>
#include <memory>
#include <new>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "base/option_json.h"
#include "base/prediction_json.h"
#include "tastevin/classifier.h"
#include "tastevin/hub.h"
#include "tastevin/version.h"

struct tastevin_model {
  tastevin::Classifier classifier;
};

struct tastevin_answers {
  std::vector<tastevin::Prediction> predictions;
  std::vector<std::string> json;  // of each answer, empty until it is asked for
};

namespace {

using tastevin::Error;
using tastevin::ErrorCode;

struct LastError {
  tastevin_error_kind kind = TASTEVIN_NO_ERROR;
  std::string message;
};

LastError& last_error() {
  thread_local LastError error;
  return error;
}

static_assert(static_cast<int>(ErrorCode::internal) + 1 == TASTEVIN_INTERNAL);

void remember(const std::exception_ptr& failure) noexcept try {
  const Error error = tastevin::error_of(failure);
  last_error().kind = static_cast<tastevin_error_kind>(static_cast<int>(error.code()) + 1);
  last_error().message = error.what();
} catch (const std::bad_alloc&) {
  last_error().kind = TASTEVIN_OVERLOADED;
  last_error().message.clear();
}

/// What `call` returns, or `failed` when it throws: no exception leaves a function of C.
template <class Value, class Call>
Value guarded(Value failed, Call&& call) noexcept {
  try {
    return std::forward<Call>(call)();
  } catch (...) {
    remember(std::current_exception());
  }
  return failed;
}

[[noreturn]] void refuse(const char* message) { throw Error(ErrorCode::invalid_argument, message); }

tastevin::Json object_of(const char* text) {
  tastevin::Json json = tastevin::parse_json(text, "options", tastevin::kMostJsonLevels, ErrorCode::invalid_argument);
  if (!json.is_object()) refuse("options: expected a JSON object");
  return json;
}

template <class Options>
Options options_of(const char* text) {
  Options options;
  if (text == nullptr || *text == '\0') return options;
  const tastevin::Json object = object_of(text);
  std::set<std::string> known;
  tastevin::read_options(object, options, known);
  tastevin::refuse_unknown(object, known, "options");
  return options;
}

std::vector<tastevin::Text> texts_of(const char* const* texts, const char* const* pairs, size_t count) {
  if (texts == nullptr && count > 0) refuse("texts: expected strings, found NULL");
  std::vector<tastevin::Text> views;
  if (count > views.max_size()) refuse("count: expected the number of the texts");
  views.resize(count);
  for (size_t i = 0; i < count; ++i) {
    if (texts[i] == nullptr || (pairs != nullptr && pairs[i] == nullptr))
      refuse("texts: expected a string, found NULL");
    views[i].text = texts[i];
    if (pairs != nullptr) views[i].pair = pairs[i];
  }
  return views;
}

const tastevin::Prediction& prediction_of(const tastevin_answers* answers, size_t index) {
  if (answers == nullptr) refuse("answers: found NULL");
  if (index < answers->predictions.size()) return answers->predictions[index];
  throw Error(ErrorCode::invalid_argument, "index: expected less than " + std::to_string(answers->predictions.size()) +
                                               ", found " + std::to_string(index));
}

}  // namespace

tastevin_model* tastevin_load(const char* model, const char* options) {
  return guarded<tastevin_model*>(nullptr, [&] {
    if (model == nullptr) refuse("model: found NULL");
    const auto chosen = options_of<tastevin::ModelOptions>(options);
    return std::make_unique<tastevin_model>(tastevin::Classifier::load(tastevin::resolve_model(model), chosen))
        .release();
  });
}

tastevin_answers* tastevin_classify(const tastevin_model* model, const char* const* texts, const char* const* pairs,
                                    size_t count, const char* options) {
  return guarded<tastevin_answers*>(nullptr, [&] {
    if (model == nullptr) refuse("model: found NULL");
    const auto chosen = options_of<tastevin::ClassifyOptions>(options);
    auto predictions = model->classifier.classify(texts_of(texts, pairs, count), chosen).predictions;
    return std::make_unique<tastevin_answers>(std::move(predictions), std::vector<std::string>(count)).release();
  });
}

size_t tastevin_count(const tastevin_answers* answers) { return answers == nullptr ? 0 : answers->predictions.size(); }

const char* tastevin_label(const tastevin_answers* answers, size_t index) {
  return guarded<const char*>(nullptr, [&] { return prediction_of(answers, index).label.c_str(); });
}

float tastevin_score(const tastevin_answers* answers, size_t index) {
  return guarded(std::numeric_limits<float>::quiet_NaN(), [&] { return prediction_of(answers, index).score; });
}

const char* tastevin_json(tastevin_answers* answers, size_t index) {
  return guarded<const char*>(nullptr, [&] {
    const tastevin::Prediction& prediction = prediction_of(answers, index);
    std::string& text = answers->json[index];
    if (text.empty()) {
      tastevin::AnswerJson object;
      tastevin::add_prediction(object, prediction);
      text = tastevin::dumped(object);
    }
    return text.c_str();
  });
}

void tastevin_free_model(tastevin_model* model) { const std::unique_ptr<tastevin_model> owner(model); }

void tastevin_free_answers(tastevin_answers* answers) { const std::unique_ptr<tastevin_answers> owner(answers); }

const char* tastevin_last_error(void) { return last_error().message.c_str(); }

tastevin_error_kind tastevin_last_error_kind(void) { return last_error().kind; }

const char* tastevin_version(void) { return tastevin::version(); }
