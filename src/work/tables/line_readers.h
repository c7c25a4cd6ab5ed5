#pragma once

// Files that are read a line at a time, without Arrow. A byte order mark at the start is no part of the first line.

#include <cstdint>
#include <memory>
#include <optional>
#include <streambuf>
#include <string>

#include "work/tables/reader.h"

namespace tastevin::tables {

struct LineFile {
  std::string where;  // what messages call it
  std::unique_ptr<std::streambuf> bytes;
  std::optional<std::uintmax_t> size;  // of the bytes, where it is known
};

/// One column `text`: every line feed ends a text, a carriage return before it is dropped.
std::unique_ptr<TableReader> open_lines(LineFile file);

/// One object a line; the columns are the keys of the first 4,096 lines. A value that is no text comes as its JSON, one
/// that is not there or null as nothing.
std::unique_ptr<TableReader> open_json_lines(LineFile file);

}  // namespace tastevin::tables
