#pragma once

// Rows as they are written: CSV (RFC 4180), TSV, and JSON lines.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tastevin::tables {

enum class RowForm : std::uint8_t { csv, tsv, jsonl };

/// The form that the ending of `file` names: .csv, .tsv, .jsonl or .ndjson. Throws `Error{invalid_argument}` for
/// another.
RowForm row_form_of(std::string_view file);

/// The values joined, with a line feed at the end. In CSV a value is quoted where it must be. TSV knows no quotes: a
/// tab or a line break in a value becomes a blank.
std::string separated_row(RowForm form, const std::vector<std::string>& values);

/// `object`, the text of a JSON object, with `members` (`"key":value`, separated by commas) at its end and a line feed.
/// What stood in it keeps its bytes.
std::string extended_object(std::string_view object, std::string_view members);

}  // namespace tastevin::tables
