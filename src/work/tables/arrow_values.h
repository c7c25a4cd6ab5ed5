#pragma once

#include <arrow/array.h>

#include <filesystem>

#include "work/tables/rows.h"

namespace tastevin::tables {

/// Text as its bytes, lists as JSON, other types as Arrow writes them, and nothing for a value that is not there.
/// `file` is what messages name.
Column column_of(const arrow::Array& values, const std::filesystem::path& file);

/// Which values are not there.
Flags missing_of(const arrow::Array& values);

}  // namespace tastevin::tables
