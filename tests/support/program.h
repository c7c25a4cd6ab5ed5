#pragma once

// A program run to its end: what it printed, how it ended.

#include <sys/types.h>

#include <string>
#include <vector>

namespace tastevin {

struct Ended {
  int code = 0;  // exit code, or 128 + the signal's number
  std::string out;
  std::string err;
};

/// Runs `arguments[0]` with `input` as its standard input.
Ended run_program(const std::vector<std::string>& arguments, const std::string& input = "");

/// A program that is talked to while it runs. It is killed at the end of the object's life.
class Conversation {
 public:
  explicit Conversation(const std::vector<std::string>& arguments);
  ~Conversation();
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  void say(const std::string& line);
  /// The next line that the program prints, without its end; waits for it.
  std::string hear();
  void close_input();
  void close_output();
  void interrupt();
  int wait();

 private:
  pid_t pid_ = -1;
  int to_ = -1;
  int from_ = -1;
};

}  // namespace tastevin
