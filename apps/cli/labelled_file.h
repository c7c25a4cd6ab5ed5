#pragma once

// The flags that name a file of labelled texts.

#include <string>

#include <CLI/CLI.hpp>

#include "tastevin/evaluate.h"

namespace tastevin::cli {

struct LabelledFile {
  std::string data;
  std::string column;
  std::string pair_column;
  std::string label_column = "label";

  /// `--data`, which must be given, `--column`, `--pair-column` and `--label-column`. Must outlive the parsing.
  void add_flags(CLI::App& command);

  /// Throws as `read_labelled` does.
  LabelledTexts read(const ModelInfo& model) const {
    return read_labelled(data, column, label_column, model, pair_column);
  }
};

}  // namespace tastevin::cli
