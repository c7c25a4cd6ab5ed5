#pragma once

// The columns of a written table, for comparison.

#include "work/tables/reader.h"

namespace tastevin::tables {

/// As `read_columns`, but that a value that is not there is an empty text.
inline std::vector<Column> values_of(const std::filesystem::path& file, const std::vector<std::string>& names) {
  const auto reader = open(file);
  std::vector<Column> columns(names.size());
  while (const auto rows = reader->next()) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      const Column& values = rows->columns[column_of(names[i], reader->names(), file)];
      columns[i].insert(columns[i].end(), values.begin(), values.end());
    }
  }
  return columns;
}

}  // namespace tastevin::tables
