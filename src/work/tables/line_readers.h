#pragma once

// Files that are read a line at a time, without Arrow. `bytes` is what stands in `file`, which messages name.

#include <filesystem>
#include <memory>
#include <streambuf>

#include "work/tables/reader.h"

namespace tastevin::tables {

/// One column `text`: every line feed ends a text, a carriage return before it is dropped.
std::unique_ptr<TableReader> open_lines(const std::filesystem::path& file, std::unique_ptr<std::streambuf> bytes);

/// One object a line; the columns are the keys of the first. A value that is no text comes as its JSON, one that is not
/// there or null as nothing.
std::unique_ptr<TableReader> open_json_lines(const std::filesystem::path& file, std::unique_ptr<std::streambuf> bytes);

}  // namespace tastevin::tables
