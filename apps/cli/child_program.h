#pragma once

// A program started from this one and talked to through its standard input and output, to be timed from outside.

#include <sys/types.h>

#include <string>
#include <vector>

namespace tastevin::cli {

class ChildProgram {
 public:
  /// Starts `command[0]` with the rest as its arguments. Throws `Error{unavailable}` when that fails.
  explicit ChildProgram(std::vector<std::string> command);
  /// Closes the pipes and waits for the end.
  ~ChildProgram();
  ChildProgram(const ChildProgram&) = delete;
  ChildProgram& operator=(const ChildProgram&) = delete;

  pid_t pid() const noexcept { return pid_; }

  /// Throws `Error{unavailable}` when the program has closed its input.
  void write_line(const std::string& line) const;
  void close_input() noexcept;
  /// Reads to the next end of line, or to the end of the output.
  void read_line() const;

  /// Waits for the end; returns the peak of its resident memory in bytes. Throws `Error{unavailable}` when it failed.
  std::size_t wait();

 private:
  pid_t pid_ = -1;
  int to_child_ = -1;
  int from_child_ = -1;
};

}  // namespace tastevin::cli
