// Any bytes as a file of rows, in the form and packing that the first byte says: refused, or rows with a value in every
// column. A row of JSON lines that is right is still JSON with our values behind it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json.h"
#include "support/temporary_folder.h"
#include "tastevin/error.h"
#include "work/tables/labels.h"
#include "work/tables/reader.h"
#include "work/tables/row_text.h"

namespace {

using namespace tastevin;

constexpr std::array kEndings{"txt", "jsonl", "csv", "tsv", "csv.gz", "jsonl.zst", "txt.gz", "quoted-tsv"};

void require(bool holds) {
  if (!holds) std::abort();
}

void check_labels(const std::string& value) {
  try {
    tables::label_list(value, {"bad", "good"}, "fuzz");
    tables::label_id(value, {"bad", "good"}, "fuzz");
  } catch (const Error& error) {
    require(error.code() == ErrorCode::bad_checkpoint || error.code() == ErrorCode::invalid_argument);
  }
}

void check_rows(const tables::Rows& rows, std::size_t columns) {
  require(rows.columns.size() == columns && (rows.errors.empty() || rows.errors.size() == rows.count()));
  for (const tables::Column& column : rows.columns) {
    require(column.size() == rows.count());
    for (const std::string& value : column) check_labels(value);
  }
  for (std::size_t i = 0; i < rows.texts.size(); ++i) {
    if (!rows.errors[i].empty()) continue;
    Json object =
        parse_json(tables::extended_object(rows.texts[i], {{"tastevin_label", {}, {}}}, {std::string("good")}), "row");
    require(object.is_object() && object.at("tastevin_label") == "good");
  }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const TemporaryFolder folder;
  if (size == 0) return 0;
  const std::string name = std::string("rows.").append(kEndings[data[0] % kEndings.size()]);
  try {
    const auto reader = tables::open(folder.write(name, {reinterpret_cast<const char*>(data) + 1, size - 1}));
    while (const auto rows = reader->next()) check_rows(*rows, reader->names().size());
  } catch (const Error& error) {
    require(error.code() == ErrorCode::invalid_argument);
  }
  return 0;
}
