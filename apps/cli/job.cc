#include "job.h"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <iostream>

#include "exit_codes.h"
#include "terminal.h"

namespace tastevin::cli {
namespace {

volatile std::sig_atomic_t interrupted = 0;

/// While it lives, Ctrl-C is noted instead of ending the process; a second one ends it.
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

class ProgressLine {
 public:
  explicit ProgressLine(bool quiet) : shown_(!quiet && ::isatty(STDERR_FILENO) != 0) {}
  ~ProgressLine() {
    if (shown_) std::cerr << "\r\033[K" << std::flush;
  }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const JobProgress& progress) const {
    if (!shown_) return;
    const std::string line = std::to_string(progress.rows) + " rows, " +
                             decimal(static_cast<double>(progress.rows - progress.resumed) / seconds(), 0) +
                             " a second";
    std::cerr << "\r\033[K" << line.substr(0, columns() - 1) << std::flush;
  }

  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  bool shown_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

void print_summary(const JobReport& report, double seconds, const JobOptions& job) {
  std::cerr << "tastevin: " << report.rows << " rows in " << decimal(seconds, 1) << " s";
  if (report.resumed > 0) std::cerr << ", " << report.resumed << " of them by an earlier run";
  if (report.repeated > 0) std::cerr << ", " << report.repeated << " texts repeated";
  if (report.truncated > 0) std::cerr << ", " << report.truncated << " cut to fit";
  if (report.failed > 0) std::cerr << ", " << report.failed << " with an error in their row";
  if (report.interrupted) {
    std::cerr << "; interrupted: the same command with --resume goes on\n";
  } else {
    std::cerr << "; written to " << job.output << "\n";
  }
}

}  // namespace

int run_job_command(const Classifier& classifier, const JobFlags& flags, const ClassifyOptions& options) {
  constexpr int kSomeRowsFailed = 10;
  const NotedInterrupts noted;
  JobReport report;
  double seconds = 0;
  {
    const ProgressLine line(flags.quiet);
    report = run_job(classifier, flags.job, options, [&line](const JobProgress& progress) {
      line.show(progress);
      return interrupted == 0;
    });
    seconds = line.seconds();
  }
  if (!flags.quiet) print_summary(report, seconds, flags.job);
  if (report.interrupted) return kInterrupted;
  return report.failed > 0 ? kSomeRowsFailed : 0;
}

}  // namespace tastevin::cli
