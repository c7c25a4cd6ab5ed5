#include "work/tables/arrow_values.h"

#include <arrow/api.h>

#include <string>

#include "base/json.h"
#include "work/tables/arrow_status.h"

namespace tastevin::tables {
namespace {

template <class Array>
void append_views(const arrow::Array& values, Column& column) {
  const auto& typed = static_cast<const Array&>(values);
  for (std::int64_t i = 0; i < typed.length(); ++i) column.emplace_back(typed.IsNull(i) ? "" : typed.GetView(i));
}

std::string text_of(const arrow::Scalar& value);

/// A list as JSON.
std::string list_of(const arrow::Array& values) {
  std::string list;
  for (std::int64_t i = 0; i < values.length(); ++i) {
    const auto value = values.GetScalar(i);
    std::string text = "null";
    if (value.ok() && (*value)->is_valid) {
      text = text_of(**value);
      if (arrow::is_base_binary_like((*value)->type->id())) text = dumped(Json(text));
    }
    list += (list.empty() ? "" : ",") + text;
  }
  return "[" + list + "]";
}

std::string text_of(const arrow::Scalar& value) {
  const arrow::Type::type type = value.type->id();
  if (type == arrow::Type::LIST || type == arrow::Type::LARGE_LIST)
    return list_of(*static_cast<const arrow::BaseListScalar&>(value).value);
  if (type != arrow::Type::DICTIONARY) return value.ToString();
  const auto decoded = static_cast<const arrow::DictionaryScalar&>(value).GetEncodedValue();
  return decoded.ok() ? (*decoded)->ToString() : "";
}

}  // namespace

Column column_of(const arrow::Array& values, const std::filesystem::path& file) {
  Column column;
  column.reserve(static_cast<std::size_t>(values.length()));
  switch (values.type_id()) {
    case arrow::Type::STRING:
    case arrow::Type::BINARY:
      append_views<arrow::BinaryArray>(values, column);
      return column;
    case arrow::Type::LARGE_STRING:
    case arrow::Type::LARGE_BINARY:
      append_views<arrow::LargeBinaryArray>(values, column);
      return column;
    default:
      break;
  }
  for (std::int64_t i = 0; i < values.length(); ++i) {
    const auto value = read_or_fail(values.GetScalar(i), file);
    column.push_back(value->is_valid ? text_of(*value) : "");
  }
  return column;
}

Flags missing_of(const arrow::Array& values) {
  Flags missing;
  if (values.null_count() == 0) return missing;
  missing.resize(static_cast<std::size_t>(values.length()));
  for (std::int64_t i = 0; i < values.length(); ++i) missing[static_cast<std::size_t>(i)] = values.IsNull(i);
  return missing;
}

}  // namespace tastevin::tables
