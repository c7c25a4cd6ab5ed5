#pragma once

// Rows as they are written: CSV (RFC 4180), TSV with quotes or without, and JSON lines.

#include <string>
#include <string_view>
#include <vector>

#include "work/tables/added.h"
#include "work/tables/format.h"

namespace tastevin::tables {

/// The values joined, with a line feed at the end. In CSV and quoted TSV a value is quoted where it must be. TSV knows
/// no quotes: a tab or a line break in a value becomes a blank.
std::string separated_row(Form form, const std::vector<std::string>& values);

/// Names and values of what is added to a row of CSV or TSV: a list of numbers is a column for each of its elements,
/// one of texts is JSON.
std::vector<std::string> separated_names(const std::vector<AddedColumn>& added);
void append_values(std::vector<std::string>& row, const std::vector<AddedColumn>& added, const AddedValues& values);

/// `object`, the text of a JSON object, with the values as members at its end and a line feed. What stood in it keeps
/// its bytes; a member of ours whose name it has already gets another by `free_name`.
std::string extended_object(std::string_view object, const std::vector<AddedColumn>& added, const AddedValues& values);

}  // namespace tastevin::tables
