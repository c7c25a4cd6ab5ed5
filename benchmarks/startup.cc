// Measures what a user of the command line waits for and pays: a fresh process a run, from its start to its first
// label.
//
//   startup MODEL [MODEL ...] [--runs N] [--binary build/release/tastevin] [--text TEXT]
//
// Models take turns, so that a drift of the machine touches them alike. For each it prints a line: wall time until the
// process has ended (`classify TEXT`), the time until its first answer on a pipe (`classify --file -`), the memory that
// is resident then, and the peak.

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Settings {
  std::vector<std::string> models;
  std::size_t runs = 15;
  std::string binary = "build/release/tastevin";
  std::string text = "I had a wonderful day";
};

struct Samples {
  std::vector<double> exit_ms;
  std::vector<double> label_ms;
  std::vector<double> resident_mib;
  std::vector<double> anonymous_mib;
  std::vector<double> peak_mib;
};

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// A child whose standard input and output are pipes of ours.
class Child {
 public:
  explicit Child(std::vector<std::string> command) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(out.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (std::string& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const int failed = posix_spawn(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    to_child_ = in[1];
    from_child_ = out[0];
    if (failed != 0) throw std::runtime_error(command.front() + " cannot be started");
  }
  ~Child() {
    close_input();
    close(from_child_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }

  void write_line(const std::string& line) const {
    const std::string bytes = line + "\n";
    if (write(to_child_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
      throw std::runtime_error("broken pipe");
  }
  void close_input() {
    if (to_child_ >= 0) close(to_child_);
    to_child_ = -1;
  }

  /// Reads to the next end of line, or to the end of the output.
  void read_line() const {
    char byte = 0;
    while (read(from_child_, &byte, 1) == 1 && byte != '\n') {
    }
  }

  /// Waits for the end; throws when it is not a success. Returns the peak of resident memory in MiB.
  double wait() const {
    int status = 0;
    rusage usage{};
    if (wait4(pid_, &status, 0, &usage) != pid_ || status != 0) throw std::runtime_error("the program failed");
    return static_cast<double>(usage.ru_maxrss) / 1024;
  }

 private:
  pid_t pid_ = 0;
  int to_child_ = -1;
  int from_child_ = -1;
};

/// A line of /proc/PID/status such as "VmRSS:   123456 kB", in MiB.
double memory_mib(pid_t pid, const std::string& key) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key + ":")) return std::stod(line.substr(key.size() + 1)) / 1024;
  }
  throw std::runtime_error("no " + key + " of the running program");
}

void run_to_exit(const Settings& settings, const std::string& model, Samples& samples) {
  const Clock::time_point start = Clock::now();
  Child child({settings.binary, "classify", settings.text, "--model", model});
  child.close_input();
  child.read_line();
  samples.peak_mib.push_back(child.wait());
  samples.exit_ms.push_back(ms_since(start));
}

void run_to_first_label(const Settings& settings, const std::string& model, Samples& samples) {
  const Clock::time_point start = Clock::now();
  Child child({settings.binary, "classify", "--file", "-", "--model", model});
  child.write_line(settings.text);
  child.read_line();
  samples.label_ms.push_back(ms_since(start));
  samples.resident_mib.push_back(memory_mib(child.pid(), "VmRSS"));
  samples.anonymous_mib.push_back(memory_mib(child.pid(), "RssAnon"));
  child.close_input();
  child.wait();
}

/// "median (least to most)"
std::string summary(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "%.0f (%.0f to %.0f)", values[values.size() / 2], values.front(),
                values.back());
  return text.data();
}

void print(const std::string& model, const Samples& samples) {
  std::cout << model << ": to exit " << summary(samples.exit_ms) << " ms; to first label " << summary(samples.label_ms)
            << " ms; resident then " << summary(samples.resident_mib) << " MiB, " << summary(samples.anonymous_mib)
            << " MiB of it anonymous; peak " << summary(samples.peak_mib) << " MiB\n";
}

Settings parse(const std::vector<std::string>& words) {
  Settings settings;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool has_value = i + 1 < words.size();
    if (words[i] == "--runs" && has_value) {
      settings.runs = std::stoul(words[++i]);
    } else if (words[i] == "--binary" && has_value) {
      settings.binary = words[++i];
    } else if (words[i] == "--text" && has_value) {
      settings.text = words[++i];
    } else {
      settings.models.push_back(words[i]);
    }
  }
  if (settings.models.empty() || settings.runs == 0)
    throw std::invalid_argument("usage: startup MODEL [MODEL ...] [--runs N]");
  return settings;
}

void measure(const Settings& settings) {
  std::vector<Samples> samples(settings.models.size());
  for (std::size_t run = 0; run <= settings.runs; ++run) {
    if (run == 1) samples.assign(settings.models.size(), {});  // the first round warms the page cache
    for (std::size_t i = 0; i < samples.size(); ++i) {
      run_to_exit(settings, settings.models[i], samples[i]);
      run_to_first_label(settings, settings.models[i], samples[i]);
    }
  }
  for (std::size_t i = 0; i < samples.size(); ++i) print(settings.models[i], samples[i]);
}

}  // namespace

int main(int argc, char** argv) try {
  measure(parse({argv + 1, argv + argc}));
  return 0;
} catch (const std::exception& error) {
  std::cerr << "startup: " << error.what() << "\n";
  return 1;
}
