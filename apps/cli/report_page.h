#pragma once

// The file that --report names.

#include <string>

namespace tastevin::cli {

/// Replaces the file `path` by `page`, or leaves it as it is. Throws `Error{unavailable}` when it cannot be written.
void write_report_page(const std::string& path, const std::string& page);

}  // namespace tastevin::cli
