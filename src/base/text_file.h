#pragma once

// Small files that are read whole, and the limit that readers of files of texts share.

#include <cstddef>
#include <filesystem>
#include <string>

namespace tastevin {

/// Bytes that a line of a file of texts may have, wherever such a file is read.
inline constexpr std::size_t kMaxLineBytes = std::size_t{64} << 20U;

/// The bytes of a file, which may be a pipe. Throws `Error{not_found}` when it cannot be read and `Error{too_large}`
/// when there are more than `limit`.
std::string read_text_file(const std::filesystem::path& path, std::size_t limit = std::size_t{1} << 20U);

}  // namespace tastevin
