#include "tastevin/explain.h"

#include <algorithm>
#include <optional>

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

/// A text, its parts, and where its variants begin among those of all texts: the whole text, then it without each part.
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

std::vector<std::string> variants_of(std::span<const Subject> subjects, const std::string& mask) {
  std::vector<std::string> variants;
  for (const Subject& subject : subjects) {
    variants.push_back(subject.text);
    for (const Part& part : subject.parts) variants.push_back(occlusion::without(subject.text, part, mask));
  }
  return variants;
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
    if (scored.label == label) explanation.score = scored.score;
  explanation.effects.reserve(subject.parts.size());
  for (std::size_t i = 0; i < subject.parts.size(); ++i) {
    const Part& part = subject.parts[i];
    explanation.effects.push_back({part.begin, part.end,
                                   subject.text.substr(part.begin_byte, part.end_byte - part.begin_byte),
                                   explanation.logit - answers[i + 1].logits[id]});
  }
  return explanation;
}

/// How many of the first subjects have their variants in memory together: a long text has a thousand long ones.
std::size_t count_of_block(std::span<const Subject> subjects) {
  constexpr std::size_t kMostBytes = std::size_t{1} << 20U;
  std::size_t count = 0;
  for (std::size_t bytes = 0; count < subjects.size() && (count == 0 || bytes < kMostBytes); ++count)
    bytes += subjects[count].variants() * subjects[count].text.size();
  return count;
}

struct Question {
  const std::string& mask;
  std::optional<std::size_t> label;  // none: the best of each text
  const ExplainOptions& options;
};

void explain_block(const Classifier& classifier, std::span<const Subject> subjects, const Question& question,
                   std::vector<Explanation>& explanations) {
  const auto answers = answers_to(classifier, variants_of(subjects, question.mask), question.options);
  std::size_t first = 0;
  for (const Subject& subject : subjects) {
    const auto own = std::span(answers).subspan(first, subject.variants());
    first += subject.variants();
    const auto best = std::ranges::max_element(own.front().logits) - own.front().logits.begin();
    const std::size_t id = question.label.value_or(static_cast<std::size_t>(best));
    explanations.push_back(explanation_of(subject, own, classifier.info().labels[id], id));
  }
}

}  // namespace

std::vector<Explanation> explain(const Classifier& classifier, std::span<const std::string> texts,
                                 const ExplainOptions& options) {
  const std::vector<std::string>& labels = classifier.info().labels;
  std::optional<std::size_t> chosen;
  if (!options.label.empty()) chosen = tables::label_id(options.label, labels, "label");

  const std::string mask = mask_of(classifier, options);

  std::vector<Explanation> explanations;
  explanations.reserve(texts.size());
  const std::vector<Subject> subjects = subjects_of(classifier, texts, options.by);
  for (std::size_t begin = 0; begin < subjects.size();) {
    const std::size_t count = count_of_block(std::span(subjects).subspan(begin));
    explain_block(classifier, std::span(subjects).subspan(begin, count), {mask, chosen, options}, explanations);
    begin += count;
  }
  return explanations;
}

}  // namespace tastevin
