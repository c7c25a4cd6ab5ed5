#pragma once

// Arrow's results as ours.

#include <arrow/result.h>
#include <arrow/status.h>

#include <filesystem>
#include <utility>

#include "base/error.h"
#include "work/tables/format.h"

namespace tastevin::tables {

inline std::string name_in_messages(const std::filesystem::path& file, const char* stream) {
  return file == kStandardStream ? stream : in_quotes(file.string(), 200);
}

[[noreturn]] inline void fail_to_read(const std::filesystem::path& file, const arrow::Status& status) {
  throw Error(ErrorCode::invalid_argument,
              name_in_messages(file, "standard input") + ": cannot be read: " + in_quotes(status.message(), 300));
}

[[noreturn]] inline void fail_to_write(const std::filesystem::path& file, const arrow::Status& status) {
  throw Error(ErrorCode::unavailable,
              name_in_messages(file, "standard output") + ": cannot be written: " + in_quotes(status.message(), 300));
}

template <class T>
T read_or_fail(arrow::Result<T> result, const std::filesystem::path& file) {
  if (!result.ok()) fail_to_read(file, result.status());
  return std::move(result).ValueUnsafe();
}

template <class T>
T written_or_fail(arrow::Result<T> result, const std::filesystem::path& file) {
  if (!result.ok()) fail_to_write(file, result.status());
  return std::move(result).ValueUnsafe();
}

inline void check_written(const arrow::Status& status, const std::filesystem::path& file) {
  if (!status.ok()) fail_to_write(file, status);
}

}  // namespace tastevin::tables
