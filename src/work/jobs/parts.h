#pragma once

// The finished parts of a file that is being made, in a folder beside it, so that nothing done is done twice.
//
//   OUTPUT.parts/job.json     what made them: model, options, input
//   OUTPUT.parts/000000.part  rows as they will stand in the file
//
// Each is written beside its place and renamed; the whole file likewise, at the end.

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace tastevin::jobs {

class Parts {
 public:
  /// Opens or makes the folder. `job` is the text that must be the same for a run to go on. Throws
  /// `Error{invalid_argument}` for parts without `resume` and for those of another job, `Error{unavailable}` when the
  /// folder cannot be made.
  Parts(std::filesystem::path output, std::string_view job, bool resume);

  /// Parts that are there already, one after another from the first.
  std::size_t finished() const { return finished_; }

  void add(std::string_view rows);

  /// Writes `head` and all parts to the output and removes the folder.
  void join(std::string_view head);

 private:
  std::filesystem::path part(std::size_t number) const;

  std::filesystem::path output_;
  std::filesystem::path folder_;
  std::size_t finished_ = 0;
};

}  // namespace tastevin::jobs
