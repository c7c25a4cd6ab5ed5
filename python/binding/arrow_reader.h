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

/// Throws `Error{invalid_argument}` for a type that is no text, and, when it is read, for a null, naming its row, and
/// for an array that is not of the type it comes with. Of a struct, as of a table, the fields text and text_pair are a
/// pair.
///
/// Not to be told by the interface: strings with 64-bit offsets behind a schema of strings with 32-bit ones, or the
/// other way round. PyArrow's readers of batches, which let such through, are therefore asked for each batch with its
/// schema; another producer that mixes them up gives wrong texts.
std::unique_ptr<TextReader> open_arrow(nanobind::handle texts, const std::string& column);

}  // namespace tastevin::python
