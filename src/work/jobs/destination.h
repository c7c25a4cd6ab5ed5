#pragma once

// Where the parts of a job go.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "tastevin/job.h"
#include "work/jobs/output.h"

namespace tastevin::jobs {

class Destination {
 public:
  virtual ~Destination() = default;

  /// Parts that an earlier run has left, one after another from the first.
  virtual std::size_t finished() const = 0;
  /// What came with one of them.
  virtual std::string more(std::size_t part) const = 0;
  /// The next part, and what a run that goes on must know of it.
  virtual void add(std::string_view part, std::string_view more) = 0;
  /// All parts are there.
  virtual void finish() = 0;
};

/// Standard output, to which parts go as they come, or a file, which is made of its parts at the end. `record` is what
/// must be the same for a run to go on. What was read from standard input cannot be gone on with: its parts are not
/// kept. Throws as `Parts` does, and `Error{invalid_argument}` for a form that standard output cannot have.
std::unique_ptr<Destination> destination_of(const JobOptions& job, tables::Format format, std::string_view record,
                                            const Output& output);

}  // namespace tastevin::jobs
