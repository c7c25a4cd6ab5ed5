#pragma once

// The parts of the module, one function a file.

#include <nanobind/nanobind.h>

#include "model.h"

namespace tastevin::python {

/// The classes of answers: plain values, read only.
void bind_answers(nanobind::module_& module);
void bind_model_info(nanobind::module_& module);

/// The methods of the class of models.
void bind_classify(nanobind::class_<Model>& model);
void bind_matrices(nanobind::class_<Model>& model);
void bind_work(nanobind::class_<Model>& model);

void bind_zero_shot(nanobind::module_& module);

}  // namespace tastevin::python
