#include "truth.h"

#include <algorithm>

#include "errors.h"
#include "options.h"

namespace nb = nanobind;

namespace tastevin::python {
namespace {

std::vector<std::size_t> label_set(nb::handle given, const std::string& name, const ModelInfo& model) {
  const bool several = PyUnicode_Check(given.ptr()) == 0 && nb::hasattr(given, "__iter__");
  if (!several) refuse(name, "a list of labels", given);
  std::vector<std::size_t> ids;
  for (const nb::handle label : nb::iter(given)) ids.push_back(label_id(label, name, model));
  return ids;
}

/// Labels as Python has them; Arrow's arrays, and columns of them, give scalars of Arrow to who goes through them.
nb::object python_labels(nb::handle labels) {
  const bool is_arrow = PyType_Check(labels.ptr()) == 0 && nb::hasattr(labels, "to_pylist");
  return is_arrow ? nb::object(labels.attr("to_pylist")()) : nb::borrow(labels);
}

}  // namespace

std::size_t label_id(nb::handle given, const std::string& name, const ModelInfo& model) {
  if (const std::optional<std::string> label = utf8_of(given)) {
    const auto place = std::ranges::find(model.labels, *label);
    if (place == model.labels.end()) refuse(name, "a label of the model", given);
    return static_cast<std::size_t>(place - model.labels.begin());
  }
  const std::size_t id = size_of(name, given);
  if (id >= model.labels.size()) refuse(name, "an id below " + std::to_string(model.labels.size()), given);
  return id;
}

LabelledTexts labelled(std::vector<std::string> texts, nb::handle given, const ModelInfo& model) {
  const nb::object labels = python_labels(given);
  LabelledTexts truth{.texts = std::move(texts), .labels = {}, .values = {}};
  if (!nb::hasattr(labels, "__iter__") || PyUnicode_Check(labels.ptr()) != 0)
    refuse("labels", "a label a text", labels);
  std::size_t count = 0;
  for (const nb::handle label : nb::iter(labels)) {
    const std::string name = "labels[" + std::to_string(count++) + "]";
    if (model.task == Task::regression) {
      truth.values.push_back(number_of(name, label));
    } else if (model.task == Task::multi_label) {
      truth.label_sets.push_back(label_set(label, name, model));
    } else {
      truth.labels.push_back(label_id(label, name, model));
    }
  }
  if (count == truth.texts.size()) return truth;
  throw Error(ErrorCode::invalid_argument, "labels: expected one for each of " + std::to_string(truth.texts.size()) +
                                               " texts, found " + std::to_string(count));
}

}  // namespace tastevin::python
