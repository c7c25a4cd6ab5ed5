#include "work/jobs/output.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "base/last_error.h"
#include "base/utf8.h"
#include "work/tables/byte_sink.h"
#include "work/tables/json_members.h"
#include "work/tables/row_text.h"
#include "work/tables/typed_part.h"

namespace tastevin::jobs {
namespace {

namespace fs = std::filesystem;
using tables::Rows;

/// Rows that are text: a part is what will stand in the file.
class TextOutput : public Output {
 public:
  TextOutput(tables::Format format, OutputColumns columns) : format_(format), columns_(std::move(columns)) {}

  std::string part(const Rows& rows, const std::vector<Outcome>& outcomes) const override {
    std::string text;
    for (std::size_t i = 0; i < rows.count(); ++i) text += row(rows, i, columns_.added.values(outcomes[i]));
    return text;
  }

  void join(const std::vector<fs::path>& parts, const fs::path& file) const override {
    const auto sink = tables::create(file, format_.packing);
    sink->write(head());
    std::vector<char> chunk(std::size_t{1} << 20U);
    for (const fs::path& part : parts) {
      std::ifstream rows(part, std::ios::binary);
      while (rows.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || rows.gcount() > 0)
        sink->write({chunk.data(), static_cast<std::size_t>(rows.gcount())});
      if (!rows.eof() || rows.bad()) fail_with(part, "cannot be read", last_error());  // its rows would be left out
    }
    sink->close();
  }

 protected:
  virtual std::string row(const Rows& rows, std::size_t i, const tables::AddedValues& added) const = 0;

  tables::Format format_;
  OutputColumns columns_;
};

/// CSV and TSV.
class SeparatedOutput : public TextOutput {
 public:
  using TextOutput::TextOutput;

  std::string head() const override {
    std::vector<std::string> names;
    names.reserve(columns_.kept.size());
    for (const std::size_t column : columns_.kept) names.push_back(columns_.names[column]);
    for (std::string& name : tables::separated_names(columns_.added.columns())) names.push_back(std::move(name));
    return tables::separated_row(format_.form, names);
  }

 private:
  std::string row(const Rows& rows, std::size_t i, const tables::AddedValues& added) const override {
    std::vector<std::string> values;
    values.reserve(columns_.kept.size() + added.size());
    for (const std::size_t column : columns_.kept) values.push_back(rows.columns[column][i]);
    tables::append_values(values, columns_.added.columns(), added);
    return tables::separated_row(format_.form, values);
  }
};

class JsonLinesOutput : public TextOutput {
 public:
  using TextOutput::TextOutput;

  std::string head() const override { return {}; }

 private:
  std::string row(const Rows& rows, std::size_t i, const tables::AddedValues& added) const override {
    return tables::extended_object(object_of(rows, i), columns_.added.columns(), added);
  }

  /// The row's own object, or the members of it that are kept; of a broken line one that holds it as text; of other
  /// forms one made of the columns.
  std::string object_of(const Rows& rows, std::size_t i) const {
    const bool has_text = !rows.texts.empty() && !rows.texts[i].empty();
    const bool broken = has_text && !rows.errors[i].empty();
    const bool whole = columns_.kept.size() == columns_.names.size();
    if (has_text && !broken) return whole ? rows.texts[i] : kept_of(rows.texts[i]);
    if (broken) return dumped({{"line", rows.texts[i]}});
    std::string members;
    for (const std::size_t column : columns_.kept)
      add_member(columns_.names[column], value_of(rows, column, i), members);
    return "{" + members + "}";
  }

  static void add_member(const std::string& name, std::string_view value, std::string& members) {
    members.append(members.empty() ? "" : ",").append(dumped(Json(name))).append(":").append(value);
  }

  /// Typed values keep their type.
  static std::string value_of(const Rows& rows, std::size_t column, std::size_t i) {
    const std::string& value = rows.columns[column][i];
    if (rows.is_missing(column, i)) return "null";
    if (!rows.is_json(column, i)) return dumped(Json(value));
    return tables::is_in_json(value) ? value : "null";
  }

  std::string kept_of(const std::string& object) const {
    std::string kept;
    for (const tables::JsonMember& member : tables::json_members(object)) {
      const auto is_it = [&](std::size_t column) { return columns_.names[column] == member.name; };
      if (std::ranges::none_of(columns_.kept, is_it)) continue;
      add_member(member.name, member.value(object), kept);
    }
    return "{" + kept + "}";
  }
};

/// Parquet and Arrow, whose types depend on all rows: a part is kept in a form of its own.
class TypedOutput : public Output {
 public:
  TypedOutput(tables::Format format, OutputColumns columns) : format_(format), columns_(std::move(columns)) {}

  std::string head() const override { return {}; }

  std::string part(const Rows& rows, const std::vector<Outcome>& outcomes) const override {
    std::vector<tables::AddedValues> values;
    values.reserve(outcomes.size());
    for (const Outcome& outcome : outcomes) values.push_back(columns_.added.values(outcome));
    return tables::typed_part({rows, columns_.names, columns_.kept, columns_.added.columns(), values}, format_.form);
  }

  void join(const std::vector<fs::path>& parts, const fs::path& file) const override {
    tables::join_typed_parts(parts, format_, file);
  }

 private:
  tables::Format format_;
  OutputColumns columns_;
};

/// An object cannot have two members of one name, nor do readers of Parquet and Arrow take it; and names there are
/// UTF-8.
void check_names(const OutputColumns& columns) {
  std::set<std::string_view> names;
  for (const std::size_t column : columns.kept) {
    const std::string& name = columns.names[column];
    if (!utf8::is_valid(name))
      throw Error(ErrorCode::invalid_argument,
                  "input: expected names of columns in UTF-8 for JSON lines, Parquet and "
                  "Arrow, found " +
                      in_quotes(name));
    if (names.insert(name).second) continue;
    throw Error(ErrorCode::invalid_argument,
                "input: expected columns of different names for JSON lines, Parquet and "
                "Arrow, found " +
                    in_quotes(name) + " twice");
  }
}

}  // namespace

std::unique_ptr<Output> output_of(tables::Format format, OutputColumns columns) {
  const bool has_rows_of_text = tables::is_text(format.form) && format.form != tables::Form::jsonl;
  if (!has_rows_of_text) check_names(columns);
  if (!tables::is_text(format.form)) return std::make_unique<TypedOutput>(format, std::move(columns));
  if (format.form == tables::Form::jsonl) return std::make_unique<JsonLinesOutput>(format, std::move(columns));
  return std::make_unique<SeparatedOutput>(format, std::move(columns));
}

}  // namespace tastevin::jobs
