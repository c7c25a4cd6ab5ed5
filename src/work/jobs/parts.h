#pragma once

// The finished parts of a file that is being made, in a folder beside it, so that nothing done is done twice.
//
//   OUTPUT.parts/job.json     what made them: model, options, input
//   OUTPUT.parts/lock         held by the run that works on it
//   OUTPUT.parts/000000.part  rows as they will stand in the file
//   OUTPUT.parts/000000.more  what else a run that goes on must know of them; it is there before the rows are
//   OUTPUT.parts/joined       the whole file while it is made
//
// Each is written beside its place and renamed; the whole file likewise, at the end. Nothing else is ever removed, and
// job.json first: what lies there without it is of no job.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "work/jobs/parts_lock.h"

namespace tastevin::jobs {

/// The text of a job that no run can go on with: the next one begins anew.
inline constexpr std::string_view kNotToBeResumed = "not to be resumed\n";

/// What becomes of parts that an earlier run has left.
enum class Earlier : std::uint8_t { refused, gone_on_with };

class Parts {
 public:
  /// Opens or makes the folder. What is at `output` must be a file, or a link to one, which stays. `job` is the text
  /// that must be the same for a run to go on. Throws
  /// `Error{invalid_argument}` for parts where they are refused, for those of another job, and for a folder that holds
  /// what no run has made; `Error{unavailable}` when the folder cannot be made and when another run works on it.
  Parts(std::filesystem::path output, std::string_view job, Earlier earlier);

  /// Parts that are there already, one after another from the first.
  std::size_t finished() const { return finished_; }

  void add(std::string_view rows, std::string_view more);
  /// What came with the rows of a finished part.
  std::string more(std::size_t number) const;

  /// Has `write` make the output of all parts, puts it in its place and removes the folder.
  void join(const std::function<void(const std::vector<std::filesystem::path>& parts,
                                     const std::filesystem::path& output)>& write);

  /// Removes all parts and the folder, if it is there. Another run may begin then.
  void discard();

 private:
  void remove_parts();
  std::filesystem::path file(std::size_t number, const char* ending) const;

  std::filesystem::path output_;
  std::filesystem::path folder_;
  PartsLock lock_;
  std::size_t finished_ = 0;
};

}  // namespace tastevin::jobs
