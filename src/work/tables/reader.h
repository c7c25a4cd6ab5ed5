#pragma once

// Rows of a file of texts, whatever its form: CSV, TSV, Parquet, Arrow IPC, JSON lines, plain lines. Every value comes
// as the bytes that stand in the file: `007` stays `007`. One block of rows is in memory at a time.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tastevin::tables {

/// Values of some rows, one a row.
using Column = std::vector<std::string>;

struct Rows {
  std::vector<Column> columns;  // one for each name
  Column errors;                // why a row could not be read, its values being empty; empty when all could
  Column texts;                 // the whole text of each row, where the form has one: JSON lines

  std::size_t count() const { return columns.empty() ? errors.size() : columns.front().size(); }
};

class TableReader {
 public:
  virtual ~TableReader() = default;

  /// Of each column, in order.
  virtual const std::vector<std::string>& names() const = 0;

  /// The next rows; none after the last. Throws `Error{invalid_argument}` for a file that cannot be read on.
  virtual std::optional<Rows> next() = 0;
};

/// Opens `file` by its ending: .csv, .tsv, .parquet, .arrow or .feather (Arrow's IPC file), .arrows (its stream),
/// .jsonl or .ndjson; any other is plain lines, a column `text`. With .gz or .zst behind it, all but .parquet, .arrow
/// and .feather are unpacked as they are read. Throws `Error{not_found}`, `Error{invalid_argument}` for what cannot be
/// read, and `Error{unavailable}` when the module that reads tables is not installed.
std::unique_ptr<TableReader> open(const std::filesystem::path& file);

/// The place of the column called `wanted` among `names`; an empty name is the text column, as below. Throws
/// `Error{invalid_argument}` naming the columns that there are.
std::size_t column_of(const std::string& wanted, const std::vector<std::string>& names,
                      const std::filesystem::path& file);

/// All values of the columns called `wanted`. An empty name is the text column: the only one, or the one that is called
/// sentence, text or content. Throws `Error{invalid_argument}` naming the columns that there are.
std::vector<Column> read_columns(const std::filesystem::path& file, const std::vector<std::string>& wanted);

}  // namespace tastevin::tables
