#pragma once

// Rows of a file of texts, whatever its form: CSV, TSV, Parquet, Arrow IPC, JSON lines, plain lines. Every value comes
// as the bytes that stand in the file: `007` stays `007`. One block of rows is in memory at a time.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "work/tables/format.h"
#include "work/tables/rows.h"

namespace tastevin::tables {

class TableReader {
 public:
  virtual ~TableReader() = default;

  /// Of each column, in order.
  virtual const std::vector<std::string>& names() const = 0;

  /// Has rows give the values of these names, where each row names its own; else false, and nothing happens.
  virtual bool choose(const std::vector<std::string>& /*names*/) { return false; }

  /// Has rows leave out the values of other columns than these, where they have `Rows::texts`; else nothing happens.
  virtual void want(const std::vector<std::size_t>& /*columns*/) {}

  /// The next rows; none after the last. Of a file of typed columns without rows, rows that are none, with their types.
  /// Throws `Error{invalid_argument}` for a file that cannot be read on.
  virtual std::optional<Rows> next() = 0;

  /// How much of the file the rows so far are, from 0 to 1; none where that cannot be known.
  virtual std::optional<double> share_read() const = 0;

  /// The columns' types, in words; empty where all are text.
  virtual std::string types() const { return {}; }
};

/// Opens `file`, or standard input for "-"; a .parquet, .arrow or .feather must be a file. Throws `Error{not_found}`,
/// `Error{invalid_argument}` for what cannot be read, `Error{unavailable}` when the module that reads tables is not
/// installed, and, as does reading on, `Error{too_large}` for a line of JSON or text over `kMaxLineBytes`.
std::unique_ptr<TableReader> open(const std::filesystem::path& file, Format format);
/// The same, by the ending of `file`.
std::unique_ptr<TableReader> open(const std::filesystem::path& file);

/// The place of the column called `wanted` among `names`; an empty name is the text column, as below. Throws
/// `Error{not_found}` naming the columns that there are.
std::size_t column_of(const std::string& wanted, const std::vector<std::string>& names,
                      const std::filesystem::path& file);

/// All values of the columns called `wanted`. An empty name is the text column: the only one, or the one that is called
/// sentence, text or content. Throws `Error{not_found}` naming the columns that there are, and
/// `Error{invalid_argument}` for a row without a value in a column, but in that at the place `may_miss` of `wanted`,
/// where it is empty.
std::vector<Column> read_columns(const std::filesystem::path& file, const std::vector<std::string>& wanted,
                                 std::optional<std::size_t> may_miss = std::nullopt);

}  // namespace tastevin::tables
