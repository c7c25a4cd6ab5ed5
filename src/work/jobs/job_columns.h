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
  /// `add` are the names of `JobOptions::add`, `taken` those of the input's columns: one of ours that is among them is
  /// called `tastevin_` and its name. Throws `Error{invalid_argument}` for a name of `add` that is not known.
  AddedColumns(const std::vector<std::string>& add, const ModelInfo& model, const std::vector<std::string>& taken = {});

  bool needs_logits() const { return add_.contains("logits"); }
  const std::vector<std::string>& names() const { return names_; }

  /// The values, one for each of `names()`; all but the error are empty when there is one.
  std::vector<std::string> values(const Outcome& outcome) const;
  /// The same as members of a JSON object: numbers as numbers, scores and logits as lists.
  std::string members(const Outcome& outcome) const;

 private:
  bool has(const char* name) const { return add_.contains(name); }
  /// What our column `name` is called.
  std::string own(const std::string& name) const { return taken_.contains(name) ? "tastevin_" + name : name; }

  std::set<std::string> add_;
  std::set<std::string> taken_;
  std::vector<std::string> labels_;
  std::vector<std::string> names_;
};

}  // namespace tastevin::jobs
