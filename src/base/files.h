#pragma once

// What lies at a path. Symbolic links are followed; one that leads nowhere is not there. Each throws `Error{not_found}`
// with the system's reason where that cannot be told: behind a folder that may not be entered, say. The functions of
// the standard library throw an exception of their own there, which must not leave this one.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace tastevin {

bool is_there(const std::filesystem::path& path);
bool is_file(const std::filesystem::path& path);
bool is_folder(const std::filesystem::path& path);

/// Bytes of a file.
std::uintmax_t size_of(const std::filesystem::path& file);
/// The files that lie in a folder, sorted.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder);
/// The last part of a folder's name, however the path is spelt: of "a/b/", ".", "..".
std::string name_of_folder(const std::filesystem::path& folder);

}  // namespace tastevin
