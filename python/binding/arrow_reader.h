#pragma once

// Texts of Arrow, taken over by its C data and C stream interface, without copying them: arrays, chunked arrays,
// tables, and the series and frames of pandas and polars, which speak it too.

#include <nanobind/nanobind.h>

#include <memory>
#include <string>

#include "text_reader.h"

namespace tastevin::python {

/// Whether `texts` offers itself as an array or a stream of Arrow.
bool is_arrow(nanobind::handle texts);

/// Throws `Error{invalid_argument}` for a type that is no text, and, when it is read, for a null, naming its row.
std::unique_ptr<TextReader> open_arrow(nanobind::handle texts, const std::string& column);

}  // namespace tastevin::python
