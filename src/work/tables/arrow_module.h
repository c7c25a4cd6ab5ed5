#pragma once

// The one function of the module libtastevin_tables.so.

#include <cstdint>
#include <filesystem>
#include <memory>

#include "work/tables/reader.h"

namespace tastevin::tables {

enum class TableForm : std::uint8_t { csv, tsv, parquet };

using OpenTable = std::unique_ptr<Reader>(const std::filesystem::path& file, TableForm form);

inline constexpr char kOpenTable[] = "tastevin_open_table";

}  // namespace tastevin::tables
