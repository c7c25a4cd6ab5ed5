#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <iterator>
#include <string>
#include <vector>

#include "bindings.h"
#include "blocks.h"
#include "keywords.h"
#include "options.h"

namespace nb = nanobind;

namespace tastevin::python {
namespace {

Prediction classify_one(const Classifier& classifier, nb::handle given, const ClassifyOptions& options) {
  std::vector<nb::object> kept;
  const Text text = text_from(given, "texts", kept);
  const WithoutGil without_gil;
  return std::move(classifier.classify(std::span(&text, 1), options).predictions.front());
}

nb::list classify_all(const Classifier& classifier, TextReader& texts, const ClassifyOptions& options) {
  nb::list answers;
  in_blocks(texts, block_size(classifier), [&](std::span<const Text> block) {
    std::vector<Prediction> predictions = std::move(classifier.classify(block, options).predictions);
    const WithGil with_gil;
    for (Prediction& prediction : predictions) answers.append(nb::cast(std::move(prediction)));
  });
  return answers;
}

nb::object classify(const Model& model, const nb::object& texts, const nb::kwargs& keywords) {
  nb::dict given(keywords);
  const std::string column = take_column(given);
  const auto options = options_from<ClassifyOptions>("classify", given);
  const auto classifier = model.use();
  if (is_one_text(texts) && column.empty()) return nb::cast(classify_one(*classifier, texts, options));
  return classify_all(*classifier, *open_texts(texts, column), options);
}

}  // namespace

void bind_classify(nb::class_<Model>& model) {
  const std::string signature = "def classify(self, texts: typing.Any" + keywords<ClassifyOptions>() +
                                ", column: str | None = None) -> typing.Any";
  const std::string doc = help<ClassifyOptions>(
      "Labels and scores.\n\n"
      "`texts` is a str (one Prediction is returned) or several texts (a list of them, in order): a list or any "
      "iterable of\n"
      "str, of pairs (text, text_pair), of dicts with \"text\" and \"text_pair\"; a NumPy array; a column of pandas, "
      "polars or\n"
      "Arrow; or a table of theirs, whose `column` is read. Where none is named, its columns \"text\" and "
      "\"text_pair\" are\n"
      "pairs. ValueError names the text that is none.");
  model.def("classify", &classify, nb::arg("texts").none(), nb::arg("options"), nb::sig(signature.c_str()),
            doc.c_str());
}

}  // namespace tastevin::python
