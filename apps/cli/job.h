#pragma once

// `--input F --output G`: a file of rows, of `classify` and `zero-shot`.

#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "tastevin/job.h"

namespace tastevin::cli {

struct JobFlags {
  JobOptions job;
  bool quiet = false;
};

using RunJob = std::function<JobReport(const JobOptions&, const std::function<bool(const JobProgress&)>&)>;

/// Runs the job and says how far it is on standard error: a line that changes on a terminal, a line now and then
/// elsewhere. Ends the program with 10 when some rows failed and with 130 when Ctrl-C ended it after a part.
void run_job_command(const JobFlags& flags, const RunJob& run);

/// The flags of a job, and --quiet.
void add_job_flags(CLI::App& command, JobFlags& flags);

/// Throws `Error{invalid_argument}` when `command` was given what would do nothing: a flag of a job without --input, or
/// with it one of `of_texts`, which are for texts of the command line or of --file. --input needs --output.
void check_job_flags(const CLI::App& command, const std::vector<std::string>& of_texts);

}  // namespace tastevin::cli
