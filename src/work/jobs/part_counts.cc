#include "work/jobs/part_counts.h"

#include <algorithm>
#include <cstddef>

#include "base/ascii.h"
#include "base/error.h"

namespace tastevin::jobs {

std::string counts_of(const JobReport& part) {
  return std::to_string(part.failed) + " " + std::to_string(part.truncated) + " " + std::to_string(part.repeated) +
         "\n";
}

void add_counts(const JobReport& part, JobReport& report) {
  report.failed += part.failed;
  report.truncated += part.truncated;
  report.repeated += part.repeated;
}

std::string_view take_counts(std::string_view more, const std::string& where, JobReport& report) {
  JobReport part;
  for (std::size_t* count : {&part.failed, &part.truncated, &part.repeated}) {
    const std::size_t end = std::min(more.find_first_of(" \n"), more.size());
    const auto number = ascii::number<std::size_t>(more.substr(0, end));
    if (!number || end == more.size())
      throw Error(ErrorCode::invalid_argument, where + ": expected the counts of its rows, found something else");
    *count = *number;
    more.remove_prefix(end + 1);
  }
  add_counts(part, report);
  return more;
}

}  // namespace tastevin::jobs
