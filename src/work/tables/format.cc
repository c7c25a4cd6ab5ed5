#include "work/tables/format.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "base/ascii.h"
#include "base/error.h"

namespace tastevin::tables {
namespace {

constexpr std::array<std::pair<std::string_view, Form>, 10> kEndings{{{".csv", Form::csv},
                                                                      {".tsv", Form::tsv},
                                                                      {".quoted-tsv", Form::quoted_tsv},
                                                                      {".jsonl", Form::jsonl},
                                                                      {".ndjson", Form::jsonl},
                                                                      {".parquet", Form::parquet},
                                                                      {".arrow", Form::arrow_file},
                                                                      {".feather", Form::arrow_file},
                                                                      {".arrows", Form::arrow_stream},
                                                                      {".txt", Form::lines}}};

std::optional<Form> form_of(std::string_view ending) {
  const auto* const found = std::ranges::find(kEndings, ending, &std::pair<std::string_view, Form>::first);
  return found == kEndings.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

Format format_of(const std::filesystem::path& file, std::string_view ending) {
  const std::filesystem::path name =
      ascii::lower(ending.empty() ? file.filename().string() : "x." + std::string(ending));
  Format format;
  if (name.extension() == ".gz") format.packing = Packing::gzip;
  if (name.extension() == ".zst") format.packing = Packing::zstd;
  const bool packed = format.packing != Packing::none;
  const auto form = form_of((packed ? name.stem() : name).extension().string());
  if (!form && !ending.empty()) {
    throw Error(
        ErrorCode::invalid_argument,
        "format: expected csv, tsv, quoted-tsv, jsonl, parquet, arrow, arrows or txt, some with .gz or .zst behind, "
        "found " +
            in_quotes(ending));
  }
  format.form = form.value_or(Form::lines);
  if (packed && (format.form == Form::parquet || format.form == Form::arrow_file)) {
    throw Error(ErrorCode::invalid_argument,
                in_quotes(file.string(), 200) + ": is compressed as a whole; decompress it first");
  }
  return format;
}

Format input_format_of(const std::filesystem::path& file, std::string_view ending) {
  constexpr std::array<std::string_view, 14> kOthers{".json", ".xlsx", ".xls", ".ods", ".xz",   ".bz2", ".zip",
                                                     ".7z",   ".tar",  ".pdf", ".doc", ".docx", ".orc", ".avro"};
  const Format format = format_of(file, ending);
  const std::filesystem::path name = ascii::lower(file.filename().string());
  const std::string last = (format.packing == Packing::none ? name : name.stem()).extension().string();
  if (!ending.empty() || std::ranges::find(kOthers, last) == kOthers.end()) return format;
  throw Error(ErrorCode::invalid_argument, in_quotes(file.string(), 200) +
                                               ": expected csv, tsv, jsonl, parquet, arrow or lines of text, found " +
                                               in_quotes(last));
}

}  // namespace tastevin::tables
