#include "work/tables/plain_types.h"

#include <arrow/api.h>
#include <arrow/compute/cast.h>

#include "work/tables/arrow_status.h"

namespace tastevin::tables {
namespace {

constexpr char kPart[] = "part";  // what messages call one that is made in memory

std::shared_ptr<arrow::Field> plain(const std::shared_ptr<arrow::Field>& field) {
  return field->WithType(tables::plain(field->type()));
}

std::shared_ptr<arrow::Array> without_runs(const arrow::Array& runs) {
  const auto& type = static_cast<const arrow::RunEndEncodedType&>(*runs.type());
  const auto builder = written_or_fail(arrow::MakeBuilder(type.value_type()), kPart);
  for (std::int64_t i = 0; i < runs.length(); ++i) {
    const auto value = written_or_fail(runs.GetScalar(i), kPart);
    check_written(builder->AppendScalar(*static_cast<const arrow::RunEndEncodedScalar&>(*value).value), kPart);
  }
  return written_or_fail(builder->Finish(), kPart);
}

}  // namespace

std::shared_ptr<arrow::DataType> plain(const std::shared_ptr<arrow::DataType>& type) {
  switch (type->id()) {
    case arrow::Type::DICTIONARY:
      return plain(static_cast<const arrow::DictionaryType&>(*type).value_type());
    case arrow::Type::RUN_END_ENCODED:
      return plain(static_cast<const arrow::RunEndEncodedType&>(*type).value_type());
    case arrow::Type::LIST:
      return arrow::list(plain(type->field(0)));
    case arrow::Type::LARGE_LIST:
      return arrow::large_list(plain(type->field(0)));
    case arrow::Type::STRUCT: {
      arrow::FieldVector fields;
      for (const auto& field : type->fields()) fields.push_back(plain(field));
      return arrow::struct_(fields);
    }
    default:
      return type;
  }
}

std::shared_ptr<arrow::Array> plain(const std::shared_ptr<arrow::Array>& values) {
  if (values->type_id() == arrow::Type::RUN_END_ENCODED) return plain(without_runs(*values));
  const std::shared_ptr<arrow::DataType> type = plain(values->type());
  if (type->Equals(*values->type())) return values;
  return written_or_fail(arrow::compute::Cast(*values, type), kPart);
}

}  // namespace tastevin::tables
