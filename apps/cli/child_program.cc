#include "child_program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "tastevin/error.h"

namespace tastevin::cli {
namespace {

/// Closes the ends that nobody has taken.
struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw Error(ErrorCode::unavailable, "no pipe to a child program");
    read_end = ends[0];
    write_end = ends[1];
  }
  ~Pipe() {
    for (const int end : {read_end, write_end})
      if (end >= 0) ::close(end);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int read_end = -1;
  int write_end = -1;
};

}  // namespace

ChildProgram::ChildProgram(std::vector<std::string> command) {
  Pipe in;
  Pipe out;
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in.read_end, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out.write_end, STDOUT_FILENO);
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (std::string& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const int failed = ::posix_spawn(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw Error(ErrorCode::unavailable, command.front() + ": cannot be started");
  to_child_ = std::exchange(in.write_end, -1);
  from_child_ = std::exchange(out.read_end, -1);
}

ChildProgram::~ChildProgram() {
  close_input();
  ::close(from_child_);
  if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
}

void ChildProgram::write_line(const std::string& line) const {
  const std::string bytes = line + "\n";
  if (::write(to_child_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
    throw Error(ErrorCode::unavailable, "the program under test does not read its input");
}

void ChildProgram::close_input() noexcept {
  if (to_child_ >= 0) ::close(to_child_);
  to_child_ = -1;
}

void ChildProgram::read_line() const {
  char byte = 0;
  while (::read(from_child_, &byte, 1) == 1 && byte != '\n') {
  }
}

std::size_t ChildProgram::wait() {
  int status = 0;
  rusage usage{};
  const pid_t ended = ::wait4(pid_, &status, 0, &usage);
  pid_ = -1;
  if (ended < 0 || status != 0) throw Error(ErrorCode::unavailable, "the program under test failed");
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

}  // namespace tastevin::cli
