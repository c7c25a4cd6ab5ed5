#include "work/tables/reader.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/error.h"
#include "base/files.h"
#include "tastevin/text.h"
#include "work/tables/arrow_module.h"
#include "work/tables/line_readers.h"
#include "work/tables/standard_input.h"

namespace tastevin::tables {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<TableReader> open_with_arrow(const fs::path& file, Format format) {
  static OpenTable* const open = arrow_module<OpenTable>(kOpenTable);
  std::unique_ptr<TableReader> reader;
  open(file, format, read_standard_input, reader);
  return reader;
}

std::unique_ptr<std::streambuf> unpacked(const fs::path& file, Packing packing) {
  static OpenPacked* const open = arrow_module<OpenPacked>(kOpenPacked);
  std::unique_ptr<std::streambuf> bytes;
  open(file, packing, read_standard_input, bytes);
  return bytes;
}

std::unique_ptr<std::streambuf> plain(const fs::path& file) {
  if (file == kStandardStream) return standard_input();
  auto bytes = std::make_unique<std::filebuf>();
  if (bytes->open(file, std::ios::in | std::ios::binary) == nullptr)
    throw Error(ErrorCode::invalid_argument, in_quotes(file.string(), 200) + ": cannot be read");
  return bytes;
}

void check_rows(const Rows& rows, const fs::path& file) {
  for (const std::string& error : rows.errors) {
    if (!error.empty()) throw Error(ErrorCode::invalid_argument, in_quotes(file.string(), 200) + ": " + error);
  }
}

/// A value that is not there is no empty text.
void check_values(const Rows& rows, std::size_t column, std::size_t before, const std::vector<std::string>& names,
                  const fs::path& file) {
  for (std::size_t row = 0; row < rows.count(); ++row) {
    if (!rows.is_missing(column, row)) continue;
    throw Error(ErrorCode::invalid_argument, in_quotes(file.string(), 200) + ", row " +
                                                 std::to_string(before + row + 1) + ": expected a value of " +
                                                 in_quotes(names[column]) + ", found none");
  }
}

std::size_t text_column(const std::vector<std::string>& names) {
  if (names.size() == 1) return 0;
  for (const std::string_view usual : kTextColumns) {
    const auto found = std::ranges::find(names, usual);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  }
  return names.size();
}

}  // namespace

std::unique_ptr<TableReader> open(const fs::path& file, Format format) {
  const bool piped = file == kStandardStream;
  if (piped) begin_standard_input();
  if (!piped && !is_there(file)) throw Error(ErrorCode::not_found, in_quotes(file.string(), 200) + ": no such file");
  if (!piped && !is_file(file))
    throw Error(ErrorCode::invalid_argument, in_quotes(file.string(), 200) + ": expected a file");
  if (piped && (format.form == Form::parquet || format.form == Form::arrow_file)) {
    throw Error(ErrorCode::invalid_argument,
                "standard input: parquet and arrow files are not read from their beginning to their end; expected "
                "csv, tsv, jsonl, arrows or txt");
  }
  if (format.form != Form::lines && format.form != Form::jsonl) return open_with_arrow(file, format);
  LineFile lines{piped ? "standard input" : in_quotes(file.string(), 200),
                 format.packing == Packing::none ? plain(file) : unpacked(file, format.packing),
                 {}};
  if (!piped && format.packing == Packing::none) lines.size = size_of(file);
  return format.form == Form::jsonl ? open_json_lines(std::move(lines)) : open_lines(std::move(lines));
}

std::unique_ptr<TableReader> open(const fs::path& file) { return open(file, input_format_of(file)); }

std::size_t column_of(const std::string& wanted, const std::vector<std::string>& names, const fs::path& file) {
  const std::size_t place =
      wanted.empty() ? text_column(names) : static_cast<std::size_t>(std::ranges::find(names, wanted) - names.begin());
  if (place < names.size()) return place;
  throw Error(ErrorCode::not_found, in_quotes(file.string(), 200) + ": expected a column " +
                                        (wanted.empty() ? "'sentence', 'text' or 'content'" : in_quotes(wanted)) +
                                        ", found " + list_in_quotes(names));
}

std::vector<Column> read_columns(const fs::path& file, const std::vector<std::string>& wanted,
                                 std::optional<std::size_t> may_miss) {
  const std::unique_ptr<TableReader> reader = open(file);
  std::vector<std::size_t> places;
  places.reserve(wanted.size());
  for (const std::string& name : wanted) places.push_back(column_of(name, reader->names(), file));
  std::vector<Column> columns(wanted.size());
  while (const auto rows = reader->next()) {
    check_rows(*rows, file);
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (i != may_miss) check_values(*rows, places[i], columns[i].size(), reader->names(), file);
      // Not moved: one column may be wanted twice.
      const Column& values = rows->columns[places[i]];
      columns[i].insert(columns[i].end(), values.begin(), values.end());
    }
  }
  return columns;
}

}  // namespace tastevin::tables
