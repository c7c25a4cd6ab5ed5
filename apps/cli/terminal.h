#pragma once

// What the command line knows of the terminal it writes to.

#include <cstddef>
#include <string>
#include <string_view>

#include "base/decimal.h"  // what goes into such lines

namespace tastevin::cli {

/// Whether standard output is a terminal that wants colours (NO_COLOR is honoured).
bool has_colours();

/// Columns of the terminal that standard output, or standard error, is; 80 when it is none.
std::size_t columns();
std::size_t error_columns();

/// `text` in bold, when there are colours.
std::string bold(std::string_view text);

/// "[#####.....]" for a half of ten cells.
std::string bar(double share, std::size_t cells);

/// "1 h 05 min", "4 min", "12 s"; begun seconds count.
std::string duration(double seconds);

/// `text` on one line: backslash, tab, line breaks and other control characters escaped.
std::string one_line(std::string_view text);

/// A line of a report: `name` in bold, then `value` from column `width`.
void print_row(std::string_view name, std::size_t width, std::string_view value);

/// Hands out what was printed. Throws `Error{unavailable}` when standard output did not take it, now or before.
void flush_standard_output();

/// "9.6 MB"
std::string human_bytes(std::size_t bytes);

}  // namespace tastevin::cli
