#pragma once

// The columns that a job adds to a row, and their values.

#include <set>
#include <string>
#include <vector>

#include "tastevin/classifier.h"
#include "work/tables/added.h"

namespace tastevin::jobs {

/// What became of one row: an answer, or an error.
struct Outcome {
  Prediction prediction;
  std::string error;
};

class AddedColumns {
 public:
  /// `add` are the names of `JobOptions::add`, `labels` are those with a score column (none: each row has its own),
  /// `taken` the input's columns: one of ours that is among them has another by `free_name`. Throws
  /// `Error{invalid_argument}` for a name of `add` that is not known.
  AddedColumns(const std::vector<std::string>& add, std::vector<std::string> labels,
               const std::vector<std::string>& taken = {});

  const std::vector<tables::AddedColumn>& columns() const { return columns_; }

  /// When there is an error, every other column is empty.
  tables::AddedValues values(const Outcome& outcome) const;

 private:
  bool has(const char* name) const { return add_.contains(name); }

  std::set<std::string> add_;
  std::vector<std::string> labels_;
  std::vector<tables::AddedColumn> columns_;
};

}  // namespace tastevin::jobs
