#include "labelled_file.h"

namespace tastevin::cli {

void LabelledFile::add_flags(CLI::App& command) {
  command
      .add_option("--data", data, "labelled texts, a table: CSV, TSV, Parquet, Arrow IPC or JSON lines, by its ending")
      ->required()
      ->type_name("FILE");
  command.add_option("--column", column, "column of the texts (default: the only one, or sentence, text or content)")
      ->type_name("NAME");
  command.add_option("--pair-column", pair_column, "column of the second texts, for a model of pairs")
      ->type_name("NAME");
  command.add_option("--label-column", label_column, "column of their labels, by name or id")
      ->type_name("NAME")
      ->capture_default_str();
}

}  // namespace tastevin::cli
