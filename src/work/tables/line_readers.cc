#include "work/tables/line_readers.h"

#include <algorithm>
#include <deque>
#include <ios>
#include <numeric>
#include <string>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "base/text_file.h"
#include "base/utf8.h"
#include "work/tables/json_members.h"

namespace tastevin::tables {
namespace {

// Of a block: the rows, and bytes that they reach at most with their last.
constexpr std::size_t kRows = 4096;
constexpr std::size_t kBytes = std::size_t{1} << 20U;
/// Of the first lines, whose keys are the columns: they are all in memory.
constexpr std::size_t kAheadBytes = std::size_t{8} << 20U;
/// As deep as requests may ask for.
constexpr std::size_t kMostLevels = 1000;

/// The lines of a file, which may fail to be opened and read.
class LineSource {
 public:
  explicit LineSource(LineFile file) : file_(std::move(file)) {}

  /// False at the end.
  bool next(std::string& line) {
    line.clear();
    try {
      while (!at_end_) {
        const int c = file_.bytes->sbumpc();
        at_end_ = c == std::char_traits<char>::eof();
        if (at_end_ || c == '\n') break;
        if (line.size() == kMaxLineBytes) refuse_long_line();
        line += static_cast<char>(c);
      }
    } catch (const std::ios::failure&) {
      throw Error(ErrorCode::invalid_argument, file_.where + ": cannot be read");
    }
    read_ += line.size() + (at_end_ ? 0 : 1);
    if (++number_ == 1) {
      if (utf8::is_utf16(line)) throw Error(ErrorCode::invalid_argument, file_.where + ": " + utf8::kNotUtf16);
      if (line.starts_with(utf8::kByteOrderMark)) line.erase(0, utf8::kByteOrderMark.size());
    }
    return !at_end_ || !line.empty();
  }

  const std::string& where() const { return file_.where; }
  /// Of the line before, from 1.
  std::size_t number() const { return number_; }

  std::optional<double> share_read() const {
    if (!file_.size) return std::nullopt;
    const auto size = static_cast<double>(*file_.size);
    return size == 0 ? 1 : std::min(1.0, static_cast<double>(read_) / size);
  }

 private:
  [[noreturn]] void refuse_long_line() const {
    throw Error(ErrorCode::too_large, file_.where + ": line " + std::to_string(number_ + 1) + ": expected at most " +
                                          std::to_string(kMaxLineBytes) + " bytes");
  }

  LineFile file_;
  std::uintmax_t read_ = 0;
  std::size_t number_ = 0;
  bool at_end_ = false;
};

class Lines : public TableReader {
 public:
  explicit Lines(LineFile file) : lines_(std::move(file)) {}

  const std::vector<std::string>& names() const override { return names_; }
  std::optional<double> share_read() const override { return lines_.share_read(); }

  std::optional<Rows> next() override {
    Column texts;
    std::size_t bytes = 0;
    for (std::string line; texts.size() < kRows && bytes < kBytes && lines_.next(line);) {
      if (line.ends_with('\r')) line.pop_back();
      bytes += line.size();
      texts.push_back(std::move(line));
    }
    if (texts.empty()) return std::nullopt;
    Rows rows = rows_of(1);
    rows.columns.front() = std::move(texts);
    return rows;
  }

 private:
  LineSource lines_;
  std::vector<std::string> names_{"text"};
};

class JsonLines : public TableReader {
 public:
  /// Reads the first lines, whose keys are the columns.
  explicit JsonLines(LineFile file) : lines_(std::move(file)) {
    for (std::size_t bytes = 0; ahead_.size() < kRows && bytes < kAheadBytes;) {
      std::optional<Line> line = next_line();
      if (!line) break;
      bytes += line->text.size();
      has_object_ = has_object_ || line->error.empty();
      for (const JsonMember& member : line->members) add_name(member.name);
      ahead_.push_back(std::move(*line));
    }
    if (ahead_.empty())
      throw Error(ErrorCode::invalid_argument, lines_.where() + ": it is empty: expected a JSON object a line");
    if (!has_object_) refuse();
    want_all();
  }

  const std::vector<std::string>& names() const override { return names_; }
  bool choose(const std::vector<std::string>& names) override {
    names_ = names;
    want_all();
    return true;
  }
  void want(const std::vector<std::size_t>& columns) override { wanted_ = columns; }
  std::optional<double> share_read() const override { return lines_.share_read(); }

  std::optional<Rows> next() override {
    Rows rows = rows_of(names_.size());
    rows.missing.resize(names_.size());
    for (std::size_t bytes = 0; rows.texts.size() < kRows && bytes < kBytes;) {
      std::optional<Line> line = take();
      if (!line) break;
      for (const std::size_t i : wanted_) {
        const std::string_view value = value_in(*line, names_[i]);
        rows.columns[i].push_back(cell_of(value));
        rows.missing[i].push_back(value == kNull);
      }
      bytes += line->text.size();
      rows.errors.push_back(std::move(line->error));
      rows.texts.push_back(std::move(line->text));
    }
    if (rows.texts.empty()) return std::nullopt;
    return rows;
  }

 private:
  static constexpr std::string_view kNull = "null";

  struct Line {
    std::string text;
    std::vector<JsonMember> members;  // none where there is an error
    std::string error;
  };

  void want_all() {
    wanted_.resize(names_.size());
    std::iota(wanted_.begin(), wanted_.end(), std::size_t{0});
  }

  void add_name(const std::string& name) {
    if (known_.insert(name).second) names_.push_back(name);
  }

  [[noreturn]] void refuse() const {
    throw Error(ErrorCode::invalid_argument, lines_.where() + ": expected a JSON object a line, found none in " +
                                                 std::to_string(ahead_.size()) + " lines; " + ahead_.front().error);
  }

  std::optional<Line> take() {
    if (ahead_.empty()) return next_line();
    Line line = std::move(ahead_.front());
    ahead_.pop_front();
    return line;
  }

  /// Lines without a value are no rows.
  std::optional<Line> next_line() {
    for (std::string text; lines_.next(text);) {
      if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
      const std::string where = "line " + std::to_string(lines_.number());
      try {
        if (parse_json(text, where, kMostLevels).is_object()) {
          std::vector<JsonMember> members = json_members(text);
          return Line{std::move(text), std::move(members), {}};
        }
      } catch (const Error& error) {
        return broken(std::move(text), error.what());
      }
      return broken(std::move(text), where + ": expected a JSON object");
    }
    return std::nullopt;
  }

  static Line broken(std::string text, std::string error) {
    error += ": " + in_quotes(text, 2000);
    return {std::move(text), {}, std::move(error)};
  }

  static std::string_view value_in(const Line& line, const std::string& name) {
    const auto found = std::ranges::find(line.members, name, &JsonMember::name);
    return found == line.members.end() ? kNull : found->value(line.text);
  }

  LineSource lines_;
  std::vector<std::string> names_;
  std::vector<std::size_t> wanted_;  // of them, those whose values rows have
  std::unordered_set<std::string> known_;
  std::deque<Line> ahead_;
  bool has_object_ = false;
};

}  // namespace

std::unique_ptr<TableReader> open_lines(LineFile file) { return std::make_unique<Lines>(std::move(file)); }

std::unique_ptr<TableReader> open_json_lines(LineFile file) { return std::make_unique<JsonLines>(std::move(file)); }

}  // namespace tastevin::tables
