#include "job.h"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "exit_codes.h"
#include "flags.h"
#include "tastevin/error.h"
#include "terminal.h"

namespace tastevin::cli {
namespace {

volatile std::sig_atomic_t interrupted = 0;

/// While it lives, Ctrl-C is noted instead of ending the process; a second one ends it. Also where a shell has it
/// ignored in the background: nobody but who means this job sends it there.
class NotedInterrupts {
 public:
  NotedInterrupts() : before_(std::signal(SIGINT, note)) {}
  ~NotedInterrupts() { std::signal(SIGINT, before_); }
  NotedInterrupts(const NotedInterrupts&) = delete;
  NotedInterrupts& operator=(const NotedInterrupts&) = delete;

 private:
  static void note(int signal) {
    interrupted = 1;
    std::signal(signal, SIG_DFL);
  }

  void (*before_)(int);
};

/// How far a job is: a line that is written over on a terminal, a line now and then otherwise.
class Progress {
 public:
  explicit Progress(bool quiet) : quiet_(quiet), terminal_(::isatty(STDERR_FILENO) != 0) {}
  ~Progress() {
    if (!quiet_ && terminal_) std::cerr << "\r\033[K" << std::flush;
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(const JobProgress& now) {
    if (quiet_) return;
    if (terminal_) {
      const std::string words = in_words(now);
      const std::string all = now.expected_rows ? bar(share(now), kBarCells) + " " + words : words;
      std::cerr << "\r\033[K" << (all.size() < error_columns() ? all : words.substr(0, error_columns() - 1))
                << std::flush;
    } else if (seconds() - last_line_ >= kSecondsALine) {
      last_line_ = seconds();
      std::cerr << "tastevin: " + in_words(now) + "\n" << std::flush;
    }
  }

  void tell_of_the_end() {
    if (quiet_ || std::exchange(ending_, true)) return;
    std::cerr << (terminal_ ? "\r\033[K" : "") +
                     std::string("tastevin: ends after the parts at hand; Ctrl-C again ends at once\n")
              << std::flush;
  }

  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  static constexpr double kSecondsALine = 10;
  static constexpr std::size_t kBarCells = 20;

  static double share(const JobProgress& now) {
    const std::size_t expected = now.expected_rows.value_or(0);
    return expected <= now.rows ? 1 : static_cast<double>(now.rows) / static_cast<double>(expected);
  }

  std::string in_words(const JobProgress& now) const {
    const double rate = static_cast<double>(now.rows - now.resumed) / seconds();
    std::string words = std::to_string(now.rows) + " rows, " + decimal(rate, 0) + " a second";
    const std::size_t expected = now.expected_rows.value_or(0);
    if (rate > 0 && expected > now.rows)
      words += ", about " + duration(static_cast<double>(expected - now.rows) / rate) + " left";
    return words;
  }

  bool quiet_;
  bool terminal_;
  bool ending_ = false;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double last_line_ = 0;
};

void print_summary(const JobReport& report, double seconds, const JobOptions& job) {
  const auto answered = static_cast<double>(report.rows - report.resumed);
  std::cerr << "tastevin: " << report.rows << " rows in " << decimal(seconds, 1) << " s ("
            << decimal(answered / seconds, 0) << " a second)";
  if (report.resumed > 0) std::cerr << ", " << report.resumed << " of them by an earlier run";
  if (report.repeated > 0) std::cerr << ", " << report.repeated << " texts repeated";
  if (report.truncated > 0) std::cerr << ", " << report.truncated << " cut to fit";
  if (report.failed > 0) std::cerr << ", " << report.failed << " with an error in their row";
  if (report.interrupted) {
    const bool piped = job.input == "-" || job.output == "-";
    std::cerr << (piped ? "; interrupted\n" : "; interrupted: the same command with --resume goes on\n");
  } else if (job.output == "-") {
    std::cerr << "\n";
  } else {
    std::cerr << "; written to " << job.output << "\n";
  }
}

}  // namespace

void run_job_command(const JobFlags& flags, const RunJob& run) {
  constexpr int kSomeRowsFailed = 10;
  const NotedInterrupts noted;
  JobReport report;
  double seconds = 0;
  {
    Progress progress(flags.quiet);
    report = run(flags.job, [&progress](const JobProgress& now) {
      progress.show(now);
      if (interrupted != 0) progress.tell_of_the_end();
      return interrupted == 0;
    });
    seconds = progress.seconds();
  }
  if (!flags.quiet) print_summary(report, seconds, flags.job);
  if (!report.interrupted && report.failed == 0) return;
  std::cerr.flush();
  std::_Exit(report.interrupted ? kInterrupted : kSomeRowsFailed);
}

void add_job_flags(CLI::App& command, JobFlags& flags) {
  add_flags(command, flags.job);
  command.add_flag("--quiet", flags.quiet, "say nothing about --input's rows while they are done, nor after");
}

void check_job_flags(const CLI::App& command, const std::vector<std::string>& of_texts) {
  std::vector<std::string> of_jobs{"--quiet"};
  const JobOptions defaults;
  JobOptions::fields(defaults, [&of_jobs](const char* name, const auto&, const char*) {
    of_jobs.push_back("--" + std::string(name));
  });
  const auto is_given = [&command](const std::string& flag) { return command.get_option(flag)->count() > 0; };
  const bool is_job = is_given("--input");
  for (const std::string& flag : is_job ? of_texts : of_jobs) {
    if (!is_given(flag)) continue;
    throw Error(ErrorCode::invalid_argument,
                command.get_name() + ": " + flag +
                    (is_job ? " is not for --input, whose rows are the texts" : " is for the rows of --input"));
  }
  if (is_job && !is_given("--output"))
    throw Error(ErrorCode::invalid_argument, command.get_name() + ": --input needs --output");
}

}  // namespace tastevin::cli
