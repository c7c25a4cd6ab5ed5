#pragma once

#include <string>

#include "tastevin/job.h"

namespace tastevin::jobs {

constexpr std::size_t kRowsAPart = 8192;

/// Everything that a job's result depends on, as text: the same for runs that may go on with each other's parts.
/// `options` are those of the answers, as text.
std::string record_of(const Classifier& classifier, const JobOptions& job, const std::string& options);

}  // namespace tastevin::jobs
