#pragma once

// The forms that a file of rows can have.

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace tastevin::tables {

enum class Form : std::uint8_t { lines, csv, tsv, quoted_tsv, jsonl, parquet, arrow_file, arrow_stream };
enum class Packing : std::uint8_t { none, gzip, zstd };

struct Format {
  Form form = Form::lines;
  Packing packing = Packing::none;
};

/// Standard input, or standard output.
inline constexpr const char* kStandardStream = "-";

/// By the ending of `file`: .csv, .tsv, .quoted-tsv, .jsonl or .ndjson, .parquet, .arrow or .feather (Arrow's IPC
/// file), .arrows (its stream); with .gz or .zst behind it, it is packed; any other is plain lines. `ending`, when it
/// is not empty, says it in its place (`csv`, `jsonl.gz`, `txt` for lines). Throws `Error{invalid_argument}` for an
/// `ending` that is not known, and for a packed .parquet, .arrow or .feather, which is not read from its beginning to
/// its end.
Format format_of(const std::filesystem::path& file, std::string_view ending = {});

/// Whether rows are text, one after another.
constexpr bool is_text(Form form) { return form <= Form::jsonl; }

/// What stands between two values of a row.
constexpr char delimiter_of(Form form) { return form == Form::csv ? ',' : '\t'; }

/// Whether a value may stand in quotes, and hold what divides values and rows. Quotes of plain TSV are characters as
/// others are.
constexpr bool has_quotes(Form form) { return form == Form::csv || form == Form::quoted_tsv; }

/// The same of a file to read: forms that are not read here, such as .json and .xlsx, are `Error{invalid_argument}`; as
/// lines of text they would be labelled without a word. `ending`, where it is given, counts instead.
Format input_format_of(const std::filesystem::path& file, std::string_view ending = {});

}  // namespace tastevin::tables
