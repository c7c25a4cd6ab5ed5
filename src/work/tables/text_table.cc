#include "work/tables/text_table.h"

#include <arrow/csv/api.h>
#include <arrow/csv/parser.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/text_file.h"
#include "base/utf8.h"
#include "work/tables/arrow_status.h"
#include "work/tables/open_quote.h"

namespace tastevin::tables {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 20U;
constexpr std::int32_t kRowsABlock = 4096;

/// Bytes of a file that are read and not yet parsed.
class Unparsed {
 public:
  explicit Unparsed(TextTableSource source)
      : source_(std::move(source)), watched_(has_quotes(source_.form)), quote_(delimiter_of(source_.form)) {}

  /// Without a carriage return at the end, which a line feed may follow.
  std::string_view bytes() const {
    std::string_view bytes = std::string_view(bytes_).substr(begin_);
    if (!at_end_ && bytes.ends_with('\r')) bytes.remove_suffix(1);
    return bytes;
  }
  bool at_end() const { return at_end_; }
  void pass(std::size_t count) { begin_ += count; }

  /// At least as many again as there are, which may come in small pieces: a long row is not parsed more often than its
  /// length doubles.
  void read_more() {
    bytes_.erase(0, std::exchange(begin_, 0));
    const std::size_t there = bytes_.size();
    const std::size_t wanted = std::max(kBlockBytes, std::min(there, kMaxLineBytes - std::min(there, kMaxLineBytes)));
    const std::size_t least = std::min(wanted, std::max(there, utf8::kByteOrderMark.size()));
    bytes_.resize(there + wanted);
    std::size_t count = 0;
    while (count < least && !at_end_) {
      const std::int64_t more = read_or_fail(
          source_.bytes->Read(static_cast<std::int64_t>(wanted - count), bytes_.data() + there + count), source_.file);
      count += static_cast<std::size_t>(more);
      at_end_ = more == 0;
    }
    bytes_.resize(there + count);
    if (read_ == 0 && utf8::is_utf16(bytes_))
      throw Error(ErrorCode::invalid_argument, source_.file.string() + ": " + utf8::kNotUtf16);
    if (read_ == 0 && bytes_.starts_with(utf8::kByteOrderMark)) pass(utf8::kByteOrderMark.size());
    read_ += static_cast<std::int64_t>(count);
    if (watched_) quote_.pass(std::string_view(bytes_).substr(there));
  }

  /// The line of a quote that is open where reading stands, 0 when none is.
  std::uint64_t line_of_open_quote() const { return quote_.line(); }

  std::optional<double> share_passed() const {
    if (!source_.size) return std::nullopt;
    const auto left = static_cast<std::int64_t>(bytes_.size() - begin_);
    return *source_.size == 0 ? 1.0
                              : std::min(1.0, static_cast<double>(read_ - left) / static_cast<double>(*source_.size));
  }

 private:
  TextTableSource source_;
  bool watched_;
  OpenQuote quote_;
  std::string bytes_;
  std::size_t begin_ = 0;
  std::int64_t read_ = 0;
  bool at_end_ = false;
};

class TextTable : public TableReader {
 public:
  explicit TextTable(const TextTableSource& source) : file_(source.file), unparsed_(source) {
    parse_.delimiter = delimiter_of(source.form);
    parse_.quoting = has_quotes(source.form);
    parse_.newlines_in_values = has_quotes(source.form);
    read_names();
    parse_.ignore_empty_lines = names_.size() > 1;  // of a single column, an empty line is an empty text
    parse_.invalid_row_handler = [this](const arrow::csv::InvalidRow& row) {
      ragged_.push_back({row.number, error_of(row)});
      return arrow::csv::InvalidRowResult::Skip;
    };
  }

  const std::vector<std::string>& names() const override { return names_; }
  std::optional<double> share_read() const override { return unparsed_.share_passed(); }

  std::optional<Rows> next() override {
    while (true) {
      ragged_.clear();
      arrow::csv::BlockParser parser(parse_, static_cast<std::int32_t>(names_.size()), next_number_, kRowsABlock);
      check(parse(parser));
      if (parser.total_num_rows() > 0) return rows_of(parser);
      if (unparsed_.at_end()) return std::nullopt;
      read_more();
    }
  }

 private:
  /// A row with too many or too few values, by its number from 1, that of the names counted and blank lines not.
  struct RaggedRow {
    std::int64_t number = 0;
    std::string error;
  };

  /// Rows are told of from 1, the names not counted, as everywhere.
  static std::string error_of(const arrow::csv::InvalidRow& row) {
    return "row " + std::to_string(row.number - 1) + ": expected " + std::to_string(row.expected_columns) +
           " values, found " + std::to_string(row.actual_columns) + ": " + in_quotes(row.text, 2000);
  }

  /// Takes what the parser has parsed from the bytes.
  arrow::Status parse(arrow::csv::BlockParser& parser) {
    std::uint32_t parsed = 0;
    const arrow::Status status =
        unparsed_.at_end() ? parser.ParseFinal(unparsed_.bytes(), &parsed) : parser.Parse(unparsed_.bytes(), &parsed);
    if (status.ok()) unparsed_.pass(parsed);
    return status;
  }

  /// No row ends in the bytes that are there.
  void read_more() {
    if (unparsed_.bytes().size() > kMaxLineBytes) refuse_long_row();
    unparsed_.read_more();
  }

  [[noreturn]] void refuse_long_row() const {
    const std::uint64_t line = unparsed_.line_of_open_quote();
    const std::string what = line == 0
                                 ? "row " + std::to_string(next_number_ - 1) + ": expected at most "
                                 : "line " + std::to_string(line) + ": a quote is opened, and its row is longer than ";
    throw Error(ErrorCode::too_large,
                name_in_messages(file_, "standard input") + ": " + what + std::to_string(kMaxLineBytes) + " bytes");
  }

  void read_names() {
    while (names_.empty()) {
      read_more();
      const bool is_blank = unparsed_.bytes().find_first_not_of("\r\n") == std::string_view::npos;
      if (is_blank && !unparsed_.at_end()) continue;
      if (is_blank) fail_as_empty();
      arrow::csv::BlockParser parser(parse_, -1, 1, 1);
      const arrow::Status status = parse(parser);
      if (unparsed_.at_end()) check(status);  // before, an error may be that the row goes on
      if (unparsed_.at_end() && parser.num_rows() == 0) fail_as_empty();
      if (!status.ok() || parser.num_rows() == 0) continue;
      check(
          parser.VisitLastRow([this](const std::uint8_t* data, std::uint32_t size, bool /*quoted*/, bool /*missing*/) {
            names_.emplace_back(data, data + size);
            return arrow::Status::OK();
          }));
    }
  }

  Rows rows_of(const arrow::csv::BlockParser& parser) {
    Rows rows = tables::rows_of(names_.size());
    for (std::size_t i = 0; i < names_.size(); ++i) {
      rows.columns[i].reserve(static_cast<std::size_t>(parser.total_num_rows()));
      check(parser.VisitColumn(
          static_cast<std::int32_t>(i),
          [&column = rows.columns[i]](const std::uint8_t* data, std::uint32_t size, bool /*quoted*/, bool /*missing*/) {
            column.emplace_back(data, data + size);
            return arrow::Status::OK();
          }));
    }
    if (!ragged_.empty()) put_ragged_rows_in_their_places(rows, static_cast<std::size_t>(parser.total_num_rows()));
    next_number_ += parser.total_num_rows();
    if (unparsed_.at_end() && unparsed_.bytes().empty()) check_last_row(rows);
    return rows;
  }

  void put_ragged_rows_in_their_places(Rows& rows, std::size_t count) const {
    Rows merged = tables::rows_of(names_.size());
    merged.errors.resize(count);
    for (const RaggedRow& row : ragged_) merged.errors[static_cast<std::size_t>(row.number - next_number_)] = row.error;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      std::size_t row = 0;
      for (const std::string& error : merged.errors)
        merged.columns[i].push_back(error.empty() ? std::move(rows.columns[i][row++]) : "");
    }
    rows = std::move(merged);
  }

  /// A quote that is never closed makes all behind it one value.
  void check_last_row(Rows& rows) const {
    const std::uint64_t line = unparsed_.line_of_open_quote();
    if (line == 0) return;
    std::string there = rows.errors.empty() ? "" : rows.errors.back();
    for (Column& column : rows.columns) {
      if (!column.back().empty()) there += (there.empty() ? "" : ", ") + in_quotes(column.back(), 2000);
      column.back().clear();
    }
    rows.errors.resize(rows.count());
    rows.errors.back() = "line " + std::to_string(line) + ": a quote is opened and never closed: " + there;
  }

  [[noreturn]] void fail_as_empty() const {
    throw Error(ErrorCode::invalid_argument,
                name_in_messages(file_, "standard input") + ": is empty, expected a row of column names");
  }

  void check(const arrow::Status& status) const {
    if (!status.ok()) fail_to_read(file_, status);
  }

  std::filesystem::path file_;
  arrow::csv::ParseOptions parse_ = arrow::csv::ParseOptions::Defaults();
  Unparsed unparsed_;
  std::vector<std::string> names_;
  std::int64_t next_number_ = 2;  // of a row; that of the names is 1
  std::vector<RaggedRow> ragged_;
};

}  // namespace

std::unique_ptr<TableReader> open_text_table(const TextTableSource& source) {
  return std::make_unique<TextTable>(source);
}

}  // namespace tastevin::tables
