#pragma once

// Types without codes: parts of a file may have dictionaries of their own, which one file cannot hold, nor does every
// form have runs.

#include <arrow/array.h>
#include <arrow/type.h>

#include <memory>

namespace tastevin::tables {

/// `type`, and those within it, with what dictionaries and runs stand for.
std::shared_ptr<arrow::DataType> plain(const std::shared_ptr<arrow::DataType>& type);

/// `values` in their plain type. Throws `Error{unavailable}` where Arrow cannot decode them.
std::shared_ptr<arrow::Array> plain(const std::shared_ptr<arrow::Array>& values);

}  // namespace tastevin::tables
