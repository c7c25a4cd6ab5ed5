#pragma once

// What became of the rows of a finished part, in words at the head of its .more file: a run that goes on tells of all
// rows as an undisturbed one would.

#include <string>
#include <string_view>

#include "tastevin/job.h"

namespace tastevin::jobs {

/// "1 0 30\n": the failed, truncated and repeated ones of `part`.
std::string counts_of(const JobReport& part);

void add_counts(const JobReport& part, JobReport& report);

/// Adds the counts that `more` begins with and returns what stands behind them. Throws `Error{invalid_argument}`, which
/// names `where`, when there are none.
std::string_view take_counts(std::string_view more, const std::string& where, JobReport& report);

}  // namespace tastevin::jobs
