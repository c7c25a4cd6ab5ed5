#pragma once

// The one function of the module libtastevin_tables.so.

#include <cstdint>
#include <filesystem>
#include <memory>

#include "work/tables/reader.h"

namespace tastevin::tables {

enum class TableForm : std::uint8_t { csv, tsv, parquet };

/// Puts the reader of `file` into `reader`.
using OpenTable = void(const std::filesystem::path& file, TableForm form, std::unique_ptr<TableReader>& reader);

inline constexpr char kOpenTable[] = "tastevin_open_table";

}  // namespace tastevin::tables
