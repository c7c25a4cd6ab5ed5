#include "work/tables/row_text.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/json.h"

namespace tastevin::tables {
namespace {

constexpr std::size_t kMostLevels = 1000;  // of a row that was read

std::string quoted_where_needed(const std::string& value, char delimiter) {
  if (value.find(delimiter) == std::string::npos && value.find_first_of("\"\r\n") == std::string::npos) return value;
  std::string quoted = "\"";
  for (const char c : value) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

std::string without_breaks(std::string value) {
  std::ranges::replace_if(value, [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return value;
}

/// The fewest digits that read back the same.
std::string text_of(float value) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}
std::string text_of(std::monostate /*no value*/) { return {}; }
std::string text_of(const std::string& value) { return value; }
std::string text_of(std::uint64_t value) { return std::to_string(value); }
std::string text_of(bool value) { return value ? "true" : "false"; }
std::string text_of(const std::vector<float>& /*has columns of its own*/) { return {}; }
std::string text_of(const JsonText& value) { return value.json; }
std::string text_of(const std::vector<std::string>& values) { return dumped(AnswerJson(values)); }

AnswerJson json_of(std::monostate /*no value*/) { return nullptr; }
AnswerJson json_of(const JsonText& value) { return AnswerJson::parse(value.json); }
template <class T>
AnswerJson json_of(const T& value) {
  return value;
}

/// The members of `object`, or none where it can have none that is called as one of `added`: names stand in quotes, a
/// letter of theirs perhaps as \u00XX. Most objects are spared the parsing.
Json rivals(std::string_view object, const std::vector<AddedColumn>& added) {
  const auto may_be_there = [object](const AddedColumn& column) {
    return object.find('"' + column.name + '"') != std::string_view::npos;
  };
  const bool any = object.find("\\u00") != std::string_view::npos || std::ranges::any_of(added, may_be_there);
  return any ? parse_json(object, "the row", kMostLevels) : Json::object();
}

}  // namespace

std::string separated_row(Form form, const std::vector<std::string>& values) {
  std::string row;
  for (const std::string& value : values) {
    if (!row.empty() || &value != &values.front()) row += delimiter_of(form);
    row += has_quotes(form) ? quoted_where_needed(value, delimiter_of(form)) : without_breaks(value);
  }
  // A row of one empty value would be no row at all.
  if (row.empty() && has_quotes(form)) row = "\"\"";
  return row + '\n';
}

std::vector<std::string> separated_names(const std::vector<AddedColumn>& added) {
  std::vector<std::string> names;
  for (const AddedColumn& column : added) {
    if (column.type == ValueType::numbers) {
      names.insert(names.end(), column.elements.begin(), column.elements.end());
    } else {
      names.push_back(column.name);
    }
  }
  return names;
}

void append_values(std::vector<std::string>& row, const std::vector<AddedColumn>& added, const AddedValues& values) {
  for (std::size_t i = 0; i < added.size(); ++i) {
    if (const auto* list = std::get_if<std::vector<float>>(&values[i])) {
      for (const float element : *list) row.push_back(text_of(element));
    } else if (added[i].type == ValueType::numbers) {
      row.insert(row.end(), added[i].elements.size(), "");
    } else {
      row.push_back(std::visit([](const auto& value) { return text_of(value); }, values[i]));
    }
  }
}

std::string extended_object(std::string_view object, const std::vector<AddedColumn>& added, const AddedValues& values) {
  const std::size_t end = object.rfind('}');
  const std::string_view inside = object.substr(0, end);
  const bool empty = inside.find_first_not_of(" \t\r\n", inside.find('{') + 1) == std::string_view::npos;
  const Json theirs = rivals(object, added);
  const auto is_taken = [&theirs](const std::string& name) { return theirs.contains(name); };
  AnswerJson members = AnswerJson::object();
  for (std::size_t i = 0; i < added.size(); ++i)
    members[free_name(added[i].name, is_taken)] =
        std::visit([](const auto& value) { return json_of(value); }, values[i]);
  const std::string ours = dumped(members);
  return std::string(inside) + (empty || members.empty() ? "" : ",") + ours.substr(1) + "\n";
}

}  // namespace tastevin::tables
