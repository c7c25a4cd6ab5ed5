#pragma once

// What stands behind `TypedRows` of rows.h: rows in Arrow's types, shared and never changed. Belongs to the module that
// reads tables.

#include <arrow/record_batch.h>

#include <memory>

#include "work/tables/rows.h"

namespace tastevin::tables {

struct TypedRows {
  std::shared_ptr<arrow::RecordBatch> batch;
};

}  // namespace tastevin::tables
