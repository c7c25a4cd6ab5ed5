#pragma once

// How the rows of a job stand in its output, and in parts until all are there.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "work/jobs/job_columns.h"
#include "work/tables/format.h"
#include "work/tables/rows.h"

namespace tastevin::jobs {

/// Columns of the input, those of them that are kept, and ours.
struct OutputColumns {
  std::vector<std::string> names;
  std::vector<std::size_t> kept;
  AddedColumns added;
};

class Output {
 public:
  virtual ~Output() = default;

  /// What stands before all rows.
  virtual std::string head() const = 0;
  virtual std::string part(const tables::Rows& rows, const std::vector<Outcome>& outcomes) const = 0;
  /// Makes `file` of files that hold the parts, at least one.
  virtual void join(const std::vector<std::filesystem::path>& parts, const std::filesystem::path& file) const = 0;
};

std::unique_ptr<Output> output_of(tables::Format format, OutputColumns columns);

}  // namespace tastevin::jobs
