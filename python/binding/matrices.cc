#include <nanobind/ndarray.h>

#include <memory>
#include <string>
#include <vector>

#include "bindings.h"
#include "blocks.h"
#include "keywords.h"
#include "options.h"

namespace nb = nanobind;

namespace tastevin::python {
namespace {

using Rows = std::vector<float>;
using Fill = void (Classifier::*)(std::span<const Text>, std::span<float>, const ClassifyOptions&) const;

/// The numbers as they are, which NumPy then owns.
nb::object matrix_of(std::unique_ptr<Rows> rows, std::size_t labels) {
  const std::size_t texts = rows->size() / labels;
  rows->reserve(1);  // an empty matrix has an address too
  float* data = rows->data();
  const nb::capsule owner(rows.release(), [](void* held) noexcept { std::unique_ptr<Rows>(static_cast<Rows*>(held)); });
  return nb::cast(nb::ndarray<nb::numpy, float, nb::ndim<2>>(data, {texts, labels}, owner));
}

/// A row a text. Where their number is known, all memory is taken at once.
std::unique_ptr<Rows> rows_of(const Classifier& classifier, TextReader& texts, const ClassifyOptions& options,
                              Fill fill) {
  const std::size_t labels = classifier.info().labels.size();
  auto rows = std::make_unique<Rows>();
  rows->reserve(texts.size().value_or(0) * labels);
  in_blocks(texts, block_size(classifier), [&](std::span<const Text> block) {
    const std::size_t begin = rows->size();
    rows->resize(begin + block.size() * labels);
    (classifier.*fill)(block, std::span(*rows).subspan(begin), options);
  });
  return rows;
}

nb::object matrix(const char* name, Fill fill, const Model& model, const nb::object& texts,
                  const nb::kwargs& keywords) {
  nb::dict given(keywords);
  const std::string column = take_column(given);
  const auto options = options_from<ClassifyOptions>(name, given);
  const auto classifier = model.use();
  const auto reader = open_one_or_more(texts, column);
  return matrix_of(rows_of(*classifier, *reader, options, fill), classifier->info().labels.size());
}

void bind_matrix(nb::class_<Model>& model, const char* name, const char* words, Fill fill) {
  const std::string signature = std::string("def ") + name + "(self, texts: typing.Any" + keywords<ClassifyOptions>() +
                                ", column: str | None = None) -> numpy.ndarray";
  const std::string doc =
      help<ClassifyOptions>(std::string(words) +
                            "\n\nfloat32 [texts, labels], in label-id order, without a copy. `texts` as in "
                            "`classify`; one text gives one row.");
  model.def(
      name,
      [name, fill](const Model& self, const nb::object& texts, const nb::kwargs& options) {
        return matrix(name, fill, self, texts, options);
      },
      nb::arg("texts").none(), nb::arg("options"), nb::sig(signature.c_str()), doc.c_str());
}

}  // namespace

void bind_matrices(nb::class_<Model>& model) {
  bind_matrix(model, "logits", "The raw logits of each text.", &Classifier::logits);
  bind_matrix(model, "scores", "The score of each label for each text.", &Classifier::scores);
}

}  // namespace tastevin::python
