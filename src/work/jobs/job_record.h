#pragma once

// How a job is told from another: a run goes on with the parts of an earlier one only where their records are equal.

#include <string>

#include "tastevin/job.h"

namespace tastevin::jobs {

constexpr std::size_t kBytesAPart = std::size_t{16} << 20U;  // of values; what comes at most but for one row more
constexpr std::size_t kRowsAPart = 2048;  // what a run that is ended loses, and waits for: 20 s of a large model

/// Everything that a job's result depends on, as text: the same for runs that may go on with each other's parts.
/// `options` are those of the answers, as text.
std::string record_of(const Classifier& classifier, const JobOptions& job, const std::string& options);

}  // namespace tastevin::jobs
