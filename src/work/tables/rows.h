#pragma once

// Some rows of a table.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace tastevin::tables {

/// Values of some rows, one a row.
using Column = std::vector<std::string>;

/// One a row, or none at all: false for each.
using Flags = std::vector<bool>;

/// Rows as Arrow holds them; only the module that reads them knows more.
struct TypedRows;

struct TypedSlice {
  std::shared_ptr<const TypedRows> rows;
  std::size_t begin = 0;
  std::size_t count = 0;
};

struct Rows {
  std::vector<Column> columns;      // one for each name; without values where none were wanted and there is `texts`
  Column errors;                    // why a row could not be read, its values being empty; empty when all could
  Column texts;                     // the whole text of each row, where the form has one: JSON lines
  std::vector<TypedSlice> typed;    // the same rows with the types of their file, where the form has them
  std::vector<Flags> missing = {};  // for each column, which rows have no value there; empty where all have one
  std::vector<Flags> json = {};     // for each column, which values are JSON as they stand; empty where none are

  bool is_missing(std::size_t column, std::size_t row) const { return holds(missing, column, row); }
  bool is_json(std::size_t column, std::size_t row) const { return holds(json, column, row); }
  std::size_t count() const {
    if (!texts.empty()) return texts.size();
    return columns.empty() ? errors.size() : columns.front().size();
  }
  /// Bytes of a row's values and text.
  std::size_t size_of(std::size_t row) const {
    std::size_t bytes = texts.empty() ? 0 : texts[row].size();
    for (const Column& column : columns) bytes += row < column.size() ? column[row].size() : 0;
    return bytes;
  }

 private:
  static bool holds(const std::vector<Flags>& flags, std::size_t column, std::size_t row) {
    return column < flags.size() && row < flags[column].size() && flags[column][row];
  }
};

/// Whether a number, as Arrow writes it, is one of JSON: NaN and infinity are not.
inline bool is_in_json(const std::string& value) { return value != "nan" && !value.ends_with("inf"); }

/// No rows of a table of `columns`.
inline Rows rows_of(std::size_t columns) {
  Rows rows;
  rows.columns.resize(columns);
  return rows;
}

/// Puts `more`, of the same table, behind `rows`.
void append(Rows& rows, Rows more);

/// Takes the first `count` rows, or all there are, out of `rows`.
Rows take(Rows& rows, std::size_t count);

}  // namespace tastevin::tables
