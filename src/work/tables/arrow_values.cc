#include "work/tables/arrow_values.h"

#include <arrow/api.h>

#include <string>
#include <string_view>

#include "base/hex.h"
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

/// 32 digits in groups (RFC 9562).
std::string uuid_of(std::string_view bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += hex::of(static_cast<unsigned char>(bytes[i]));
  }
  return text;
}

/// What a type of more meaning is stored as, but for a UUID.
std::string text_of_extension(const arrow::ExtensionScalar& value) {
  const auto& type = static_cast<const arrow::ExtensionType&>(*value.type);
  if (type.extension_name() == "arrow.uuid")
    return uuid_of(static_cast<const arrow::FixedSizeBinaryScalar&>(*value.value).view());
  return text_of(*value.value);
}

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
    case arrow::Type::LIST_VIEW:
    case arrow::Type::LARGE_LIST_VIEW:
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
    case arrow::Type::EXTENSION:
      return text_of_extension(static_cast<const arrow::ExtensionScalar&>(value));
    default:
      return value.ToString();
  }
}

/// No value there, be it that what a code stands for is none.
bool is_missing(const arrow::Array& values, std::int64_t i) {
  if (values.IsNull(i)) return true;
  if (values.type_id() == arrow::Type::DICTIONARY) {
    const auto& codes = static_cast<const arrow::DictionaryArray&>(values);
    return is_missing(*codes.dictionary(), codes.GetValueIndex(i));
  }
  if (values.type_id() == arrow::Type::RUN_END_ENCODED) {
    const auto value = values.GetScalar(i);
    return value.ok() && !static_cast<const arrow::RunEndEncodedScalar&>(**value).value->is_valid;
  }
  return false;
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
    const auto value = is_missing(values, i) ? nullptr : read_or_fail(values.GetScalar(i), file);
    column.push_back(value && value->is_valid ? text_of(*value) : "");
  }
  return column;
}

bool is_json(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::BOOL:
    case arrow::Type::LIST:
    case arrow::Type::LARGE_LIST:
    case arrow::Type::FIXED_SIZE_LIST:
    case arrow::Type::LIST_VIEW:
    case arrow::Type::LARGE_LIST_VIEW:
    case arrow::Type::MAP:
    case arrow::Type::STRUCT:
      return true;
    case arrow::Type::DICTIONARY:
      return is_json(*static_cast<const arrow::DictionaryType&>(type).value_type());
    case arrow::Type::RUN_END_ENCODED:
      return is_json(*static_cast<const arrow::RunEndEncodedType&>(type).value_type());
    case arrow::Type::EXTENSION:
      return is_json(*static_cast<const arrow::ExtensionType&>(type).storage_type());
    default:
      return arrow::is_integer(type.id()) || arrow::is_floating(type.id());
  }
}

Flags missing_of(const arrow::Array& values) {
  Flags missing;
  if (values.ComputeLogicalNullCount() == 0) return missing;
  missing.resize(static_cast<std::size_t>(values.length()));
  for (std::int64_t i = 0; i < values.length(); ++i) missing[static_cast<std::size_t>(i)] = is_missing(values, i);
  return missing;
}

}  // namespace tastevin::tables
