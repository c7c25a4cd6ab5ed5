#include "work/tables/reader.h"

#include <dlfcn.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>

#include "base/error.h"
#include "work/tables/arrow_module.h"
#include "work/tables/line_readers.h"

namespace tastevin::tables {
namespace {

namespace fs = std::filesystem;

/// Arrow is 50 MB of library and brings an OpenSSL of its own that must not answer for the system's: so it is loaded on
/// first use, and its symbols are seen by its module alone.
template <class Function>
Function* arrow_module(const char* name) {
  void* library = ::dlopen("libtastevin_tables.so", RTLD_NOW | RTLD_LOCAL);
  void* function = library == nullptr ? nullptr : ::dlsym(library, name);
  if (function == nullptr)
    // NOLINTNEXTLINE(concurrency-mt-unsafe): it is the calling thread's own error
    throw Error(ErrorCode::unavailable, std::string("the module that reads tables cannot be loaded: ") + ::dlerror());
  return reinterpret_cast<Function*>(function);
}

std::unique_ptr<TableReader> open_with_arrow(const fs::path& file, TableForm form) {
  static OpenTable* const open = arrow_module<OpenTable>(kOpenTable);
  std::unique_ptr<TableReader> reader;
  open(file, form, reader);
  return reader;
}

std::unique_ptr<std::streambuf> unpacked(const fs::path& file) {
  static OpenCompressed* const open = arrow_module<OpenCompressed>(kOpenCompressed);
  std::unique_ptr<std::streambuf> bytes;
  open(file, bytes);
  return bytes;
}

std::unique_ptr<std::streambuf> plain(const fs::path& file) {
  auto bytes = std::make_unique<std::filebuf>();
  if (bytes->open(file, std::ios::in | std::ios::binary) == nullptr)
    throw Error(ErrorCode::invalid_argument, in_quotes(file.string(), 200) + ": cannot be read");
  return bytes;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

void check_rows(const Rows& rows, const fs::path& file) {
  for (const std::string& error : rows.errors) {
    if (!error.empty()) throw Error(ErrorCode::invalid_argument, in_quotes(file.string(), 200) + ": " + error);
  }
}

std::size_t text_column(const std::vector<std::string>& names) {
  if (names.size() == 1) return 0;
  for (const char* usual : {"sentence", "text", "content"}) {
    const auto found = std::ranges::find(names, usual);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  }
  return names.size();
}

}  // namespace

std::unique_ptr<TableReader> open(const fs::path& file) {
  if (!fs::exists(file)) throw Error(ErrorCode::not_found, in_quotes(file.string(), 200) + ": no such file");
  if (!fs::is_regular_file(file))
    throw Error(ErrorCode::invalid_argument, in_quotes(file.string(), 200) + ": expected a file");
  std::string ending = lower(file.extension().string());
  const bool packed = ending == ".gz" || ending == ".zst";
  if (packed) ending = lower(file.stem().extension().string());
  if (ending == ".csv") return open_with_arrow(file, TableForm::csv);
  if (ending == ".tsv") return open_with_arrow(file, TableForm::tsv);
  if (ending == ".arrows") return open_with_arrow(file, TableForm::arrow_stream);
  const bool anywhere = ending == ".parquet" || ending == ".arrow" || ending == ".feather";
  if (anywhere && packed) {
    throw Error(ErrorCode::invalid_argument,
                in_quotes(file.string(), 200) + ": is not read from its beginning to its end; unpack it first");
  }
  if (anywhere) return open_with_arrow(file, ending == ".parquet" ? TableForm::parquet : TableForm::arrow_file);
  std::unique_ptr<std::streambuf> bytes = packed ? unpacked(file) : plain(file);
  const bool json = ending == ".jsonl" || ending == ".ndjson";
  return json ? open_json_lines(file, std::move(bytes)) : open_lines(file, std::move(bytes));
}

std::size_t column_of(const std::string& wanted, const std::vector<std::string>& names, const fs::path& file) {
  const std::size_t place =
      wanted.empty() ? text_column(names) : static_cast<std::size_t>(std::ranges::find(names, wanted) - names.begin());
  if (place < names.size()) return place;
  std::string there;
  for (const std::string& name : names) there += (there.empty() ? "" : ", ") + in_quotes(name);
  throw Error(ErrorCode::invalid_argument,
              in_quotes(file.string(), 200) + ": expected a column " +
                  (wanted.empty() ? "'sentence', 'text' or 'content'" : in_quotes(wanted)) + ", found " + there);
}

std::vector<Column> read_columns(const fs::path& file, const std::vector<std::string>& wanted) {
  const std::unique_ptr<TableReader> reader = open(file);
  std::vector<std::size_t> places;
  places.reserve(wanted.size());
  for (const std::string& name : wanted) places.push_back(column_of(name, reader->names(), file));
  std::vector<Column> columns(wanted.size());
  while (const auto rows = reader->next()) {
    check_rows(*rows, file);
    for (std::size_t i = 0; i < places.size(); ++i) {
      // Not moved: one column may be wanted twice.
      const Column& values = rows->columns[places[i]];
      columns[i].insert(columns[i].end(), values.begin(), values.end());
    }
  }
  return columns;
}

}  // namespace tastevin::tables
