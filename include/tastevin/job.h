#pragma once

// A file of rows in, the same rows with labels out. Rows keep their order and their values; a row that cannot be
// answered says why in a column of its own, and the others go on.
//
//   tastevin::JobOptions job;
//   job.input = "reviews.csv";
//   job.output = "labelled.csv";
//   const tastevin::JobReport report = tastevin::run_job(classifier, job);

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tastevin/classifier.h"
#include "tastevin/zero_shot.h"

namespace tastevin {

struct JobOptions {
  std::string input;
  std::string output;
  std::string input_format;
  std::string output_format;
  std::string column;
  std::string pair_column;
  std::string id_column;
  std::vector<std::string> add;
  bool resume = false;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("input", self.input,
          "file of rows, a folder of them, a pattern such as 'day-*.csv', or - for standard input: CSV, TSV, JSON "
          "lines, Parquet or Arrow IPC by its ending (.gz and .zst are decompressed), else a text a line");
    visit("output", self.output,
          "file to write, in one of these forms by its ending, or - for standard output: all columns of the input, "
          "then label, score, error");
    visit("input-format", self.input_format,
          "form of the input, not by its ending: csv, tsv, quoted-tsv (a tab or line break may stand in a value in "
          "quotes), jsonl, parquet, arrow, arrows, txt, or csv.gz and so on");
    visit("output-format", self.output_format,
          "form of the output, not by its ending (default for standard output: that of the input)");
    visit("column", self.column, "column of the texts (default: the only one, or sentence, text or content)");
    visit("pair-column", self.pair_column, "column of the second texts, for models that judge pairs");
    visit("id-column", self.id_column, "keep only this column of the input, to tell the rows by");
    visit("add", self.add,
          "more columns, of: labels (those that hold, where several may), scores, logits, margin, entropy, tokens, "
          "truncated, windows (of --long window)");
    visit("resume", self.resume, "go on where an earlier run with the same options was ended");
  }
};

struct JobProgress {
  std::size_t rows = 0;     ///< answered, those of an earlier run counted; the last ones in memory only
  std::size_t resumed = 0;  ///< of them, done by an earlier run
  std::optional<std::size_t> expected_rows;  ///< about, of the whole input; not for compressed files and standard input
};

struct JobReport {
  std::size_t rows = 0;
  std::size_t resumed = 0;  ///< rows that an earlier run had done
  std::size_t failed = 0;   ///< rows with an error; this and the next two, those of an earlier run counted
  std::size_t truncated = 0;
  std::size_t repeated = 0;  ///< texts that equal an earlier one; they were not run again
  bool interrupted = false;  ///< `progress` ended the run before its last part
};

/// Classifies every row of `job.input` into `job.output`. Finished parts of 2048 rows (or 16 MiB) lie in `OUTPUT.parts`
/// until all are there and are joined: killed at any moment, a run goes on by `resume`, and its result has the same
/// bytes as an undisturbed one; rows go to standard output as they come. Memory does not grow with the file. `progress`
/// is called after each part and twice a second while texts run, by the caller's thread, and goes on when it returns
/// true; else the parts under way are the last, and it is told of them still. Throws `Error{not_found}` for a file or a
/// column that is not there, `Error{invalid_argument}` for an ending that is not known, for `options.top_k`,
/// `threshold` and `logits`, in whose place `job.add` stands, for parts of an earlier run without `resume`, and for
/// parts that another model or other options made; `Error{unavailable}` when the output cannot be written.
JobReport run_job(const Classifier& classifier, const JobOptions& job, const ClassifyOptions& options = {},
                  const std::function<bool(const JobProgress&)>& progress = {});

/// Labels that the model was not trained for: the same for all rows, or each row's own in a column of the input, as a
/// JSON list or separated by the first of `|`, `;` and `,` that occurs.
struct ZeroShotJob {
  std::vector<std::string> labels;
  std::string labels_column;
  ZeroShotOptions options;
};

/// The same with `zero_shot`'s answers. A row without a label of its own, or with an empty one, is an error in its row.
JobReport run_zero_shot_job(const Classifier& classifier, const JobOptions& job, const ZeroShotJob& zero_shot,
                            const std::function<bool(const JobProgress&)>& progress = {});

}  // namespace tastevin
