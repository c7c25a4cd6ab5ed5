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
  for (const nb::handle label : nb::iter(given)) {
    ids.push_back(label_id(label, name, model));
    if (std::ranges::count(ids, ids.back()) > 1) refuse(name, "each label once", given);
  }
  return ids;
}

/// Of a row of a matrix that has a column for each label, 1 where it holds.
std::vector<std::size_t> held_labels(nb::handle row, const std::string& name, const ModelInfo& model) {
  std::vector<std::size_t> ids;
  std::size_t place = 0;
  for (const nb::handle holds : nb::iter(row)) {
    const std::size_t value = size_of(name, holds);
    if (value > 1) refuse(name, "1 for a label that holds and 0 for one that does not", row);
    if (value == 1) ids.push_back(place);
    ++place;
  }
  if (place != model.labels.size()) refuse(name, std::to_string(model.labels.size()) + " numbers, one a label", row);
  return ids;
}

/// As `predict` gives them for a model of several labels.
bool is_matrix(nb::handle labels) {
  return nb::hasattr(labels, "ndim") && nb::hasattr(labels, "tolist") && nb::cast<int>(labels.attr("ndim")) == 2;
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
  nb::object labels = python_labels(given);
  if (nb::hasattr(labels, "columns") && nb::hasattr(labels, "to_numpy")) labels = labels.attr("to_numpy")();
  const bool matrix = model.task == Task::multi_label && is_matrix(labels);
  LabelledTexts truth{.texts = std::move(texts), .labels = {}, .values = {}};
  if (!nb::hasattr(labels, "__iter__") || PyUnicode_Check(labels.ptr()) != 0)
    refuse("labels", "a label a text", labels);
  std::size_t count = 0;
  for (const nb::handle label : nb::iter(labels)) {
    const std::string name = "labels[" + std::to_string(count++) + "]";
    if (model.task == Task::regression) {
      truth.values.push_back(number_of(name, label));
    } else if (model.task == Task::multi_label) {
      truth.label_sets.push_back(matrix ? held_labels(label, name, model) : label_set(label, name, model));
    } else {
      truth.labels.push_back(label_id(label, name, model));
    }
  }
  if (count == truth.texts.size()) return truth;
  throw Error(ErrorCode::invalid_argument, "labels: expected one for each of " + std::to_string(truth.texts.size()) +
                                               " texts, found " + std::to_string(count));
}

}  // namespace tastevin::python
