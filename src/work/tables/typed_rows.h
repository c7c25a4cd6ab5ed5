#pragma once

#include <arrow/record_batch.h>

#include <memory>

#include "work/tables/rows.h"

namespace tastevin::tables {

struct TypedRows {
  std::shared_ptr<arrow::RecordBatch> batch;
};

}  // namespace tastevin::tables
