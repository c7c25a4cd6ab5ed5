#pragma once

// Files of typed columns, Parquet and Arrow IPC, made from parts.

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "work/tables/added.h"
#include "work/tables/format.h"
#include "work/tables/rows.h"

namespace tastevin::tables {

/// Rows and what is added to them.
struct TypedPart {
  const Rows& rows;
  const std::vector<std::string>& names;   // of the columns of `rows`
  const std::vector<std::size_t>& kept;    // of them, those that are written
  const std::vector<AddedColumn>& added;   // written behind them
  const std::vector<AddedValues>& values;  // one a row
};

/// The bytes of a part, an Arrow IPC stream. Columns of a typed file keep their types (of a dictionary, that of its
/// values); those of a text form are text, or bytes where one value of the whole table is not UTF-8. Throws
/// `Error{invalid_argument}` for types that a file of `form` cannot have.
std::string typed_part(const TypedPart& part, Form form);

/// Makes `file`, Parquet or Arrow by `format`, of at least one file that holds such a part. Throws
/// `Error{invalid_argument}` when their columns differ in type, `Error{unavailable}` when it cannot be written.
void join_typed_parts(const std::vector<std::filesystem::path>& parts, Format format,
                      const std::filesystem::path& file);

}  // namespace tastevin::tables
