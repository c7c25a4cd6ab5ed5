#pragma once

// The file that --report or --html names; - is standard output.

#include <string>

namespace tastevin::cli {

/// Before the work whose report it is: throws `Error{not_found}` where there is no folder for it.
void check_report_place(const std::string& path);

/// Replaces the file `path` by `page`, or leaves it as it is. Throws `Error{unavailable}` when it cannot be written.
void write_report_page(const std::string& path, const std::string& page);

}  // namespace tastevin::cli
