#pragma once

// `tastevin classify --input F --output G`: a file of rows.

#include <string>

#include "tastevin/job.h"

namespace tastevin::cli {

struct JobFlags {
  JobOptions job;
  bool quiet = false;
};

/// Runs the job and says how far it is on standard error: a line that changes on a terminal, nothing elsewhere. Returns
/// the exit code: 0, 10 when some rows failed, 130 when Ctrl-C ended it after a part.
int run_job_command(const Classifier& classifier, const JobFlags& flags, const ClassifyOptions& options);

}  // namespace tastevin::cli
