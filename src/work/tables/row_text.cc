#include "work/tables/row_text.h"

#include <algorithm>

#include "base/error.h"

namespace tastevin::tables {
namespace {

std::string quoted_where_needed(const std::string& value) {
  if (value.find_first_of(",\"\r\n") == std::string::npos) return value;
  std::string quoted = "\"";
  for (const char c : value) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

std::string without_breaks(std::string value) {
  std::ranges::replace_if(value, [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return value;
}

}  // namespace

RowForm row_form_of(std::string_view file) {
  if (file.ends_with(".csv")) return RowForm::csv;
  if (file.ends_with(".tsv")) return RowForm::tsv;
  if (file.ends_with(".jsonl") || file.ends_with(".ndjson")) return RowForm::jsonl;
  throw Error(ErrorCode::invalid_argument,
              "output " + in_quotes(file, 200) + ": expected a name that ends in .csv, .tsv, .jsonl or .ndjson");
}

std::string separated_row(RowForm form, const std::vector<std::string>& values) {
  std::string row;
  for (const std::string& value : values) {
    if (!row.empty() || &value != &values.front()) row += form == RowForm::tsv ? '\t' : ',';
    row += form == RowForm::tsv ? without_breaks(value) : quoted_where_needed(value);
  }
  // A row of one empty value would be no row at all.
  if (row.empty() && form == RowForm::csv) row = "\"\"";
  return row + '\n';
}

std::string extended_object(std::string_view object, std::string_view members) {
  const std::size_t end = object.rfind('}');
  const std::string_view inside = object.substr(0, end);
  const bool empty = inside.find_first_not_of(" \t\r\n", inside.find('{') + 1) == std::string_view::npos;
  return std::string(inside) + (empty || members.empty() ? "" : ",") + std::string(members) + "}\n";
}

}  // namespace tastevin::tables
