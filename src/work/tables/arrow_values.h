#pragma once

// From Arrow's values to columns of text. Belongs to the module that reads tables, which alone includes Arrow.

#include <arrow/array.h>

#include <filesystem>

#include "work/tables/rows.h"

namespace tastevin::tables {

/// Text as its bytes, lists and structs as JSON, other types as Arrow writes them, and nothing for a value that is not
/// there.
/// `file` is what messages name.
Column column_of(const arrow::Array& values, const std::filesystem::path& file);

/// Whether the values of `type` stand in a column as JSON: numbers, truths, lists and structs.
bool is_json(const arrow::DataType& type);

/// Which values are not there.
Flags missing_of(const arrow::Array& values);

}  // namespace tastevin::tables
