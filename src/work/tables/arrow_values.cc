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

/// A value within a list or a struct.
std::string json_of(const arrow::Scalar& value) {
  if (!value.is_valid) return "null";
  std::string text = text_of(value);
  if (!is_json(*value.type)) return dumped(Json(text));
  return is_in_json(text) ? text : "null";
}

std::string list_of(const arrow::Array& values) {
  std::string list = "[";
  for (std::int64_t i = 0; i < values.length(); ++i) {
    const auto value = values.GetScalar(i);
    if (i > 0) list += ",";
    list += value.ok() ? json_of(**value) : "null";
  }
  return list += "]";
}

std::string object_of(const arrow::StructScalar& value) {
  std::string members = "{";
  for (std::size_t i = 0; i < value.value.size(); ++i) {
    if (i > 0) members += ",";
    members += dumped(Json(value.type->field(static_cast<int>(i))->name()));
    members += ":";
    members += json_of(*value.value[i]);
  }
  return members += "}";
}

std::string text_of(const arrow::Scalar& value) {
  switch (value.type->id()) {
    case arrow::Type::LIST:
    case arrow::Type::LARGE_LIST:
    case arrow::Type::FIXED_SIZE_LIST:
    case arrow::Type::MAP:
      return list_of(*static_cast<const arrow::BaseListScalar&>(value).value);
    case arrow::Type::STRUCT:
      return object_of(static_cast<const arrow::StructScalar&>(value));
    case arrow::Type::DICTIONARY: {
      const auto decoded = static_cast<const arrow::DictionaryScalar&>(value).GetEncodedValue();
      return decoded.ok() ? text_of(**decoded) : "";
    }
    case arrow::Type::RUN_END_ENCODED:
      return text_of(*static_cast<const arrow::RunEndEncodedScalar&>(value).value);
    default:
      return value.ToString();
  }
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

bool is_json(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::BOOL:
    case arrow::Type::LIST:
    case arrow::Type::LARGE_LIST:
    case arrow::Type::FIXED_SIZE_LIST:
    case arrow::Type::MAP:
    case arrow::Type::STRUCT:
      return true;
    case arrow::Type::DICTIONARY:
      return is_json(*static_cast<const arrow::DictionaryType&>(type).value_type());
    case arrow::Type::RUN_END_ENCODED:
      return is_json(*static_cast<const arrow::RunEndEncodedType&>(type).value_type());
    default:
      return arrow::is_integer(type.id()) || arrow::is_floating(type.id());
  }
}

Flags missing_of(const arrow::Array& values) {
  Flags missing;
  if (values.null_count() == 0) return missing;
  missing.resize(static_cast<std::size_t>(values.length()));
  for (std::int64_t i = 0; i < values.length(); ++i) missing[static_cast<std::size_t>(i)] = values.IsNull(i);
  return missing;
}

}  // namespace tastevin::tables
