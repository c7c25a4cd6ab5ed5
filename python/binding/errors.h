#pragma once

// Python's edge of the error table: which exception stands for which `ErrorCode`.

#include <nanobind/nanobind.h>

#include <string>

#include "tastevin/error.h"

namespace tastevin::python {

/// Adds the exceptions that Python has no word for, and has every `Error` become the exception of its code.
void bind_errors(nanobind::module_& module);

/// `Error{invalid_argument}` that says what was expected of `what` and what was found.
[[noreturn]] void refuse(const std::string& what, const std::string& expected, nanobind::handle found);

/// What `repr` gives of a value, in ASCII and cut.
std::string repr_of(nanobind::handle value);

/// The value in an error message: its type, and of short texts and numbers the value too.
std::string described(nanobind::handle value);

}  // namespace tastevin::python
