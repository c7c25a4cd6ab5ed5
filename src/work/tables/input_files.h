#pragma once

// The files that an input means.

#include <filesystem>
#include <string>
#include <vector>

namespace tastevin::tables {

/// A file is itself, as is "-", a folder its files without hidden ones, and a name with * ? or [ the files that match
/// it; sorted by name. Throws `Error{not_found}` when there is none.
std::vector<std::filesystem::path> files_of(const std::string& input);

}  // namespace tastevin::tables
