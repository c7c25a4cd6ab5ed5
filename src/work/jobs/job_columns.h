#pragma once

// The columns that a job adds to a row, and their values.

#include <set>
#include <string>
#include <vector>

#include "tastevin/classifier.h"
#include "work/tables/row_text.h"

namespace tastevin::jobs {

/// What became of one row: an answer, or an error.
struct Outcome {
  Prediction prediction;
  std::string error;
};

class AddedColumns {
 public:
  /// `add` are the names of `JobOptions::add`. Throws `Error{invalid_argument}` for one that is not known.
  AddedColumns(const std::vector<std::string>& add, const ModelInfo& model);

  bool needs_logits() const { return add_.contains("logits"); }
  const std::vector<std::string>& names() const { return names_; }

  /// The values, one for each of `names()`; all but the error are empty when there is one.
  std::vector<std::string> values(const Outcome& outcome) const;
  /// The same as members of a JSON object: numbers as numbers, scores and logits as lists.
  std::string members(const Outcome& outcome) const;

 private:
  bool has(const char* name) const { return add_.contains(name); }

  std::set<std::string> add_;
  std::vector<std::string> labels_;
  std::vector<std::string> names_;
};

}  // namespace tastevin::jobs
