#pragma once

// The files that an input means.

#include <filesystem>
#include <string>
#include <vector>

namespace tastevin::tables {

/// A file is itself, as is "-", a folder its files without hidden ones, and a name with * ? or [ the files that match
/// it; sorted by name. Throws `Error{not_found}` when there is none.
std::vector<std::filesystem::path> files_of(const std::string& input);

/// Whether `file` is one of those of `input`, or would be if it were there.
bool is_one_of(const std::string& input, const std::filesystem::path& file);

}  // namespace tastevin::tables
