#include "bench_startup.h"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "base/json.h"
#include "base/process_memory.h"
#include "base/stopwatch.h"
#include "child_program.h"
#include "terminal.h"

namespace tastevin::cli {
namespace {

constexpr char kText[] = "I had a wonderful day";

struct Samples {
  std::vector<double> exit_ms;       // until the process has ended: `classify TEXT`
  std::vector<double> label_ms;      // until its first answer on a pipe: `classify --file -`
  std::vector<double> rss_mb;        // then
  std::vector<double> anonymous_mb;  // then
  std::vector<double> peak_mb;
};

std::string program() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

double megabytes(std::size_t bytes) { return static_cast<double>(bytes) / 1e6; }

void run_to_exit(const std::string& model, Samples& samples) {
  const Stopwatch watch;
  ChildProgram child({program(), "classify", kText, "--model", model});
  child.close_input();
  child.read_line();
  samples.peak_mb.push_back(megabytes(child.wait()));
  samples.exit_ms.push_back(watch.ms());
}

void run_to_first_label(const std::string& model, Samples& samples) {
  const Stopwatch watch;
  ChildProgram child({program(), "classify", "--file", "-", "--model", model});
  child.write_line(kText);
  child.read_line();
  samples.label_ms.push_back(watch.ms());
  const ProcessMemory memory = process_memory("/proc/" + std::to_string(child.pid()) + "/status");
  samples.rss_mb.push_back(megabytes(memory.resident));
  samples.anonymous_mb.push_back(megabytes(memory.anonymous));
  child.close_input();
  child.wait();
}

struct Spread {
  double median = 0;
  double least = 0;
  double most = 0;
};

Spread spread_of(std::vector<double> values) {
  std::ranges::sort(values);
  return {values[values.size() / 2], values.front(), values.back()};
}

/// "median (least to most)"
std::string text_of(const std::vector<double>& values) {
  const auto [median, least, most] = spread_of(values);
  return decimal(median, 0) + " (" + decimal(least, 0) + " to " + decimal(most, 0) + ")";
}

Json json_of(const std::vector<double>& values) {
  const auto [median, least, most] = spread_of(values);
  return {{"median", median}, {"least", least}, {"most", most}};
}

void print_text(const std::string& model, const Samples& samples) {
  std::cout << bold(model) << ": to first label " << text_of(samples.label_ms) << " ms, to exit "
            << text_of(samples.exit_ms) << " ms; resident after the first label " << text_of(samples.rss_mb)
            << " MB, of it anonymous " << text_of(samples.anonymous_mb) << " MB; peak " << text_of(samples.peak_mb)
            << " MB\n";
}

void print_json(const std::string& model, const Samples& samples) {
  const Json report{{"model", model},
                    {"first_label_ms", json_of(samples.label_ms)},
                    {"exit_ms", json_of(samples.exit_ms)},
                    {"rss_mb", json_of(samples.rss_mb)},
                    {"anonymous_mb", json_of(samples.anonymous_mb)},
                    {"peak_mb", json_of(samples.peak_mb)}};
  std::cout << dumped(report) << "\n";
}

}  // namespace

void bench_startup(const StartupSettings& settings) {
  std::vector<Samples> samples(settings.models.size());
  for (std::size_t run = 0; run <= settings.runs; ++run) {
    if (run == 1) samples.assign(settings.models.size(), {});  // the first round warms the page cache
    for (std::size_t i = 0; i < samples.size(); ++i) {
      run_to_exit(settings.models[i], samples[i]);
      run_to_first_label(settings.models[i], samples[i]);
    }
  }
  const auto print = settings.json ? print_json : print_text;
  for (std::size_t i = 0; i < samples.size(); ++i) print(settings.models[i], samples[i]);
}

}  // namespace tastevin::cli
