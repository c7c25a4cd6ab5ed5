#include "tastevin/explain.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/reading.h"
#include "base/utf8.h"
#include "work/explain/units.h"
#include "work/steps/steps.h"
#include "work/tables/labels.h"

namespace tastevin {
namespace {

using occlusion::Part;

constexpr std::size_t kMostParts = 2000;

/// A text and its parts. Its variants are the whole text, then it without each part.
struct Subject {
  std::string text;
  std::vector<Part> parts;

  std::size_t variants() const { return 1 + parts.size(); }
};

std::vector<Subject> subjects_of(const Classifier& classifier, std::span<const std::string> texts, Unit unit) {
  std::vector<Subject> subjects;
  subjects.reserve(texts.size());
  for (const std::string& text : texts) {
    Subject subject{utf8::repaired(text), {}};
    subject.parts = occlusion::parts_of(subject.text, unit, classifier);
    if (subject.parts.size() > kMostParts) {
      throw Error(ErrorCode::too_large, "explain: expected a text of at most " + std::to_string(kMostParts) + " " +
                                            std::string(name_of(unit)) + "s, found " +
                                            std::to_string(subject.parts.size()));
    }
    subjects.push_back(std::move(subject));
  }
  return subjects;
}

/// What stands in the place of a part; empty where it is left out.
std::string mask_of(const Classifier& classifier, const ExplainOptions& options) {
  const std::string& token = options.mask_token.empty() ? classifier.info().mask_token : options.mask_token;
  const bool masks = options.occlusion == Occlusion::mask;
  if (masks && token.empty())
    throw Error(ErrorCode::invalid_argument, "occlusion: the model has no mask token of its own: expected mask-token");
  const bool is_token =
      !token.empty() && classifier.tokenize({token}, {.no_special = true}).tokens == std::vector{token};
  if (!is_token && !token.empty())
    throw Error(ErrorCode::invalid_argument, "mask-token: expected a token of the model, found " + in_quotes(token));
  return masks ? token : "";
}

/// The text of a subject, or it without its part before `number`.
std::string variant_of(const Subject& subject, std::size_t number, const std::string& mask) {
  return number == 0 ? subject.text : occlusion::without(subject.text, subject.parts[number - 1], mask);
}

std::vector<Prediction> answers_to(const Classifier& classifier, const std::vector<std::string>& variants,
                                   const ExplainOptions& asked) {
  std::vector<Text> texts;
  texts.reserve(variants.size());
  for (const std::string& variant : variants) texts.push_back({variant});
  ClassifyOptions options = only_reading(asked.reading);
  options.top_k = 0;
  options.logits = true;
  return predict_in_steps(classifier, texts, options, asked.before_step);
}

Explanation explanation_of(const Subject& subject, std::span<const Prediction> answers, const std::string& label,
                           std::size_t id) {
  Explanation explanation{subject.text, label, 0, answers.front().logits[id], {}, answers.front().truncated};
  for (const ScoredLabel& scored : answers.front().scores)
    if (scored.id == id) explanation.score = scored.score;
  explanation.effects.reserve(subject.parts.size());
  for (std::size_t i = 0; i < subject.parts.size(); ++i) {
    const Part& part = subject.parts[i];
    explanation.effects.push_back({part.begin, part.end,
                                   subject.text.substr(part.begin_byte, part.end_byte - part.begin_byte),
                                   explanation.logit - answers[i + 1].logits[id]});
  }
  return explanation;
}

struct Question {
  const std::string& mask;
  std::optional<std::size_t> label;  // none: the best of each text
  const ExplainOptions& options;
};

/// The texts one after another. What is answered together is a MiB of variants, of whichever texts they are: a long one
/// has a thousand long ones.
class Explaining {
 public:
  Explaining(const Classifier& classifier, std::span<const Subject> subjects, const Question& question)
      : classifier_(classifier), subjects_(subjects), question_(question) {}

  std::vector<Explanation> run() {
    constexpr std::size_t kMostBytes = std::size_t{1} << 20U;
    explanations_.reserve(subjects_.size());
    std::size_t bytes = 0;
    for (const Subject& subject : subjects_) {
      for (std::size_t number = 0; number < subject.variants(); ++number) {
        variants_.push_back(variant_of(subject, number, question_.mask));
        bytes += variants_.back().size();
        if (bytes < kMostBytes) continue;
        answer_variants();
        bytes = 0;
      }
    }
    answer_variants();
    return std::move(explanations_);
  }

 private:
  void answer_variants() {
    std::ranges::move(answers_to(classifier_, variants_, question_.options), std::back_inserter(answers_));
    variants_.clear();
    std::size_t used = 0;
    while (explanations_.size() < subjects_.size()) {
      const Subject& subject = subjects_[explanations_.size()];
      if (answers_.size() - used < subject.variants()) break;
      explain_one(subject, std::span(answers_).subspan(used, subject.variants()));
      used += subject.variants();
    }
    answers_.erase(answers_.begin(), answers_.begin() + static_cast<std::ptrdiff_t>(used));
  }

  void explain_one(const Subject& subject, std::span<const Prediction> own) {
    const auto best = std::ranges::max_element(own.front().logits) - own.front().logits.begin();
    const std::size_t id = question_.label.value_or(static_cast<std::size_t>(best));
    explanations_.push_back(explanation_of(subject, own, classifier_.info().labels[id], id));
  }

  const Classifier& classifier_;
  std::span<const Subject> subjects_;
  const Question& question_;
  std::vector<std::string> variants_;  // not answered yet
  std::vector<Prediction> answers_;    // of the first text that is not explained yet, and of those after it
  std::vector<Explanation> explanations_;
};

}  // namespace

std::vector<Explanation> explain(const Classifier& classifier, std::span<const std::string> texts,
                                 const ExplainOptions& options) {
  const std::vector<std::string>& labels = classifier.info().labels;
  std::optional<std::size_t> chosen;
  if (!options.label.empty()) chosen = tables::label_id(options.label, labels, "label");

  const std::string mask = mask_of(classifier, options);

  const std::vector<Subject> subjects = subjects_of(classifier, texts, options.by);
  const Question question{mask, chosen, options};
  return Explaining(classifier, subjects, question).run();
}

}  // namespace tastevin
