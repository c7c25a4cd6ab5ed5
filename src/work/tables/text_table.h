#pragma once

// CSV, TSV and quoted TSV: Arrow's parser finds rows and values in blocks of bytes, as long as a row needs. Every value
// comes as its bytes.

#include <arrow/io/interfaces.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "work/tables/format.h"
#include "work/tables/reader.h"

namespace tastevin::tables {

struct TextTableSource {
  std::filesystem::path file;  // as messages name it
  Form form = Form::csv;
  std::shared_ptr<arrow::io::InputStream> bytes;
  std::optional<std::int64_t> size;  // of the bytes, where it is known
};

/// Reads the row of names. Throws `Error{invalid_argument}` where there is none, and, as does reading on,
/// `Error{too_large}` for a row over `kMaxLineBytes`, which names the line of a quote that is open there.
std::unique_ptr<TableReader> open_text_table(const TextTableSource& source);

}  // namespace tastevin::tables
