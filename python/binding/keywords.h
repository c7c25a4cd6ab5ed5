#pragma once

// What the calls that take texts share.

#include <nanobind/nanobind.h>

#include <memory>
#include <string>
#include <vector>

#include "text_reader.h"

namespace tastevin::python {

/// Takes the keyword `column` (of a table's texts) out of `options`.
std::string take_column(nanobind::dict& options);

/// As `open_texts`, and one text is a list of one.
std::unique_ptr<TextReader> open_one_or_more(const nanobind::object& texts, const std::string& column);

/// Texts of a call that reads no pairs.
std::vector<std::string> strings_of(const nanobind::object& texts);

/// What a call with one text returns, of a list of answers.
nanobind::object answer_to(const nanobind::object& texts, const nanobind::list& answers);

}  // namespace tastevin::python
