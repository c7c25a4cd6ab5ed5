// What stands around the label: tokens, explanations, evaluations, labels that no model was trained for.

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "bindings.h"
#include "blocks.h"
#include "keywords.h"
#include "options.h"
#include "tastevin/evaluate.h"
#include "tastevin/explain.h"
#include "tastevin/zero_shot.h"
#include "truth.h"

namespace nb = nanobind;

namespace tastevin::python {
namespace {

// Explained or judged at a time: each text is some ten to a hundred for the model, so that one alone is a block.
constexpr std::size_t kFewest = 1;
constexpr std::size_t kMost = 64;

// Tokenized at a time: microseconds each.
constexpr std::size_t kFewestTokenized = 256;

/// Calls `answer` with some of the texts at a time, without the GIL, and puts all its answers into a list.
template <class Answer>
nb::list answers_to(const std::vector<std::string>& texts, Answer answer) {
  nb::list all;
  BlockSize size(kFewest, kMost);
  for (std::size_t begin = 0; begin < texts.size();) {
    const auto some = std::span(texts).subspan(begin, std::min(size.texts(), texts.size() - begin));
    decltype(answer(some)) answers;
    in_block(size, [&] { answers = answer(some); });
    for (auto& each : answers) all.append(nb::cast(std::move(each)));
    begin += some.size();
  }
  return all;
}

/// An id of a label is as good as its name.
void name_label(nb::dict& options, const ModelInfo& model) {
  if (!options.contains("label")) return;
  const nb::object given = options["label"];
  if (PyIndex_Check(given.ptr()) != 0) options["label"] = nb::cast(model.labels[label_id(given, "label", model)]);
}

nb::object tokenize_all(const Model& model, const nb::object& texts, const nb::kwargs& keywords) {
  const auto options = options_from<TokenizeOptions>("tokenize", keywords);
  const auto classifier = model.use();
  const auto reader = open_one_or_more(texts, {});
  std::vector<Tokens> all;
  in_blocks(*reader, BlockSize(kFewestTokenized), [&](std::span<const Text> block) {
    for (const Text& text : block) all.push_back(classifier->tokenize(text, options));
  });
  nb::list answers;
  for (Tokens& tokens : all) answers.append(nb::cast(std::move(tokens)));
  return answer_to(texts, answers);
}

nb::object explain_all(const Model& model, const nb::object& texts, const nb::kwargs& keywords) {
  const auto classifier = model.use();
  nb::dict given(keywords);
  name_label(given, classifier->info());
  const auto options = options_from<ExplainOptions>("explain", given);
  const nb::list all = answers_to(
      strings_of(texts), [&](std::span<const std::string> some) { return explain(*classifier, some, options); });
  return answer_to(texts, all);
}

nb::object evaluate_all(const Model& model, const nb::object& texts, const nb::object& labels,
                        const nb::kwargs& keywords) {
  const auto options = options_from<EvaluateOptions>("evaluate", keywords);
  const auto classifier = model.use();
  const LabelledTexts truth = labelled(strings_of(texts), labels, classifier->info());
  const std::string report = [&] {
    const WithoutGil without_gil;
    return to_json(evaluate(*classifier, truth, options));
  }();
  return nb::module_::import_("json").attr("loads")(report);
}

nb::object zero_shot_all(const Model& model, const nb::object& texts, const nb::object& labels,
                         const nb::kwargs& keywords) {
  const auto options = options_from<ZeroShotOptions>("zero_shot", keywords);
  const auto classifier = model.use();
  const std::vector<std::string> names = strings_of(labels);
  const nb::list all = answers_to(strings_of(texts), [&](std::span<const std::string> some) {
    return zero_shot(*classifier, some, names, options);
  });
  return answer_to(texts, all);
}

}  // namespace

void bind_work(nb::class_<Model>& model) {
  const std::string tokenize_signature =
      "def tokenize(self, texts: typing.Any" + keywords<TokenizeOptions>() + ") -> typing.Any";
  model.def(
      "tokenize", &tokenize_all, nb::arg("texts").none(), nb::arg("options"), nb::sig(tokenize_signature.c_str()),
      help<TokenizeOptions>("The tokens of each text, as the model's tokenizer makes them: Tokens, or a list of them.")
          .c_str());
  std::string explain_keywords = keywords<ExplainOptions>();
  constexpr std::string_view kName = "label: str =";
  explain_keywords.replace(explain_keywords.find(kName), kName.size(), "label: str | int =");
  const std::string explain_signature = "def explain(self, texts: typing.Any" + explain_keywords + ") -> typing.Any";
  model.def("explain", &explain_all, nb::arg("texts").none(), nb::arg("options"), nb::sig(explain_signature.c_str()),
            help<ExplainOptions>(
                "Which words each answer rests on: Explanation, or a list of them. A text of n words costs as "
                "much as n + 1 texts.")
                .c_str());
  const std::string evaluate_signature = "def evaluate(self, texts: typing.Any, labels: typing.Any" +
                                         keywords<EvaluateOptions>() + ") -> dict[str, typing.Any]";
  model.def("evaluate", &evaluate_all, nb::arg("texts").none(), nb::arg("labels").none(), nb::arg("options"),
            nb::sig(evaluate_signature.c_str()),
            help<EvaluateOptions>(
                "How good the answers are, with scikit-learn's figures of the same names: the report of\n"
                "`tastevin evaluate --json`. `labels` are names or ids, numbers for a regression, lists of\n"
                "labels for a model that gives several.")
                .c_str());
}

void bind_zero_shot(nb::module_& module) {
  const std::string signature = "def zero_shot(classifier: Classifier, texts: typing.Any, labels: typing.Any" +
                                keywords<ZeroShotOptions>() + ") -> typing.Any";
  module.def("zero_shot", &zero_shot_all, nb::arg("classifier"), nb::arg("texts").none(), nb::arg("labels").none(),
             nb::arg("options"), nb::sig(signature.c_str()),
             help<ZeroShotOptions>(
                 "Labels that no model was trained for, judged by a model of natural language inference: the "
                 "Prediction of each text "
                 "has every\n"
                 "label with its score, best first. NotImplementedError for a model whose labels name no entailment.")
                 .c_str());
}

}  // namespace tastevin::python
