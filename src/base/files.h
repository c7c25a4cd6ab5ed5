#pragma once

// Whether something lies at a path. Symbolic links are followed; one that leads nowhere is not there. Each throws
// `Error{not_found}` with the system's reason where that cannot be told: behind a folder that may not be entered, say.

#include <filesystem>

namespace tastevin {

bool is_there(const std::filesystem::path& path);
bool is_file(const std::filesystem::path& path);
bool is_folder(const std::filesystem::path& path);

}  // namespace tastevin
