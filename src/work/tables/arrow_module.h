#pragma once

// The functions of the module libtastevin_tables.so.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <streambuf>

#include "work/tables/reader.h"

namespace tastevin::tables {

enum class TableForm : std::uint8_t { csv, tsv, parquet, arrow_file, arrow_stream };

/// Puts the reader of `file` into `reader`.
using OpenTable = void(const std::filesystem::path& file, TableForm form, std::unique_ptr<TableReader>& reader);

inline constexpr char kOpenTable[] = "tastevin_open_table";

/// Puts what is in `file`, a .gz or .zst, into `bytes`, to be read as a stream. Reading throws
/// `Error{invalid_argument}` where the file is damaged or cut off.
using OpenCompressed = void(const std::filesystem::path& file, std::unique_ptr<std::streambuf>& bytes);

inline constexpr char kOpenCompressed[] = "tastevin_open_compressed";

}  // namespace tastevin::tables
