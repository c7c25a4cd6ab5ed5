#pragma once

#include <string>

namespace tastevin::cli {

/// Writes the page of a report. Throws `Error{invalid_argument}` when `path` cannot be written.
void write_report_page(const std::string& path, const std::string& page);

}  // namespace tastevin::cli
