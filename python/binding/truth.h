#pragma once

// What is true of texts, as Python has it.

#include <nanobind/nanobind.h>

#include <cstddef>
#include <string>
#include <vector>

#include "tastevin/evaluate.h"

namespace tastevin::python {

/// The id of the label that `given` names or is the id of. Throws `Error{invalid_argument}` with `name` for neither.
std::size_t label_id(nanobind::handle given, const std::string& name, const ModelInfo& model);

/// `labels` are names or ids, of a regression numbers, of a model that gives several labels a collection of names or
/// ids a text. Throws `Error{invalid_argument}` that names the one that is none, and for another number than texts.
LabelledTexts labelled(std::vector<std::string> texts, nanobind::handle labels, const ModelInfo& model);

}  // namespace tastevin::python
