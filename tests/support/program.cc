#include "support/program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "support/temporary_folder.h"

namespace tastevin {
namespace {

std::string content(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

[[noreturn]] void become(const std::vector<std::string>& arguments, const std::array<int, 3>& streams) {
  for (int stream = 0; stream < 3; ++stream) {
    if (streams.at(static_cast<std::size_t>(stream)) != stream)
      ::dup2(streams.at(static_cast<std::size_t>(stream)), stream);
  }
  ::signal(SIGPIPE, SIG_DFL);  // the test ignores it, its programs must not
  std::vector<char*> words;
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  ::execv(words.front(), words.data());
  ::_exit(127);
}

pid_t start(const std::vector<std::string>& arguments, const std::array<int, 3>& streams) {
  const pid_t pid = ::fork();
  if (pid < 0) throw std::runtime_error("fork failed");
  if (pid == 0) become(arguments, streams);
  return pid;
}

int code_of(pid_t pid) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::pair<int, int> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe failed");
  return {ends[0], ends[1]};
}

}  // namespace

Ended run_program(const std::vector<std::string>& arguments, const std::string& input) {
  const TemporaryFolder folder;
  const int in = ::open(folder.write("in", input).c_str(), O_RDONLY | O_CLOEXEC);
  const int out = ::open((folder / "out").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const int err = ::open((folder / "err").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const int code = code_of(start(arguments, {in, out, err}));
  for (const int stream : {in, out, err}) ::close(stream);
  return {code, content(folder / "out"), content(folder / "err")};
}

Conversation::Conversation(const std::vector<std::string>& arguments) {
  ::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): the program under test, not the test, ends by a closed pipe
  const auto [in, to] = make_pipe();
  const auto [from, out] = make_pipe();
  to_ = to;
  from_ = from;
  pid_ = start(arguments, {in, out, 2});
  ::close(in);
  ::close(out);
}

Conversation::~Conversation() {
  close_input();
  close_output();
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
}

void Conversation::say(const std::string& line) {
  const std::string bytes = line + "\n";
  if (::write(to_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
    throw std::runtime_error("the program does not listen");
}

std::string Conversation::hear() {
  std::string line;
  for (char c = 0; ::read(from_, &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

void Conversation::close_input() {
  if (to_ >= 0) ::close(std::exchange(to_, -1));
}

void Conversation::close_output() {
  if (from_ >= 0) ::close(std::exchange(from_, -1));
}

void Conversation::interrupt() { ::kill(pid_, SIGINT); }

int Conversation::wait() { return code_of(std::exchange(pid_, -1)); }

}  // namespace tastevin
