#include "tastevin/bench.h"

#include <algorithm>
#include <ctime>
#include <numeric>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/error.h"
#include "base/process_memory.h"
#include "base/stopwatch.h"
#include "bench/flops.h"
#include "bench/matmul_peak.h"
#include "bench/percentile.h"
#include "open_model.h"
#include "tastevin/classifier.h"

namespace tastevin {
namespace {

constexpr std::size_t kMostTexts = 4096;

/// Different texts only: of equal ones the classifier would run one.
std::vector<Text> different(std::span<const std::string> texts) {
  if (texts.empty()) throw Error(ErrorCode::invalid_argument, "bench: expected a text, found none");
  std::unordered_set<std::string_view> seen;
  std::vector<Text> chosen;
  for (const std::string& text : texts.first(std::min(texts.size(), kMostTexts)))
    if (seen.insert(text).second) chosen.push_back({text});
  return chosen;
}

double thread_cpu_ms() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double total(std::span<const double> values) { return std::accumulate(values.begin(), values.end(), 0.0); }

/// The throughput passes: each classifies all texts in one call.
class Passes {
 public:
  Passes(const Classifier& classifier, std::span<const Text> texts) : classifier_(classifier), texts_(texts) {
    warm_ = classifier_.classify(texts_);
  }

  void run() {
    const double cpu = thread_cpu_ms();
    const Classified classified = classifier_.classify(texts_);
    cpu_ms_ += thread_cpu_ms() - cpu;
    wall_ms_.push_back(classified.times.total);
    sum_.tokenize += classified.times.tokenize;
    sum_.batch += classified.times.batch;
    sum_.infer += classified.times.infer;
    sum_.decide += classified.times.decide;
  }

  void report(const bench::Flops& flops, BenchReport& out) const {
    const double best_s = *std::ranges::min_element(wall_ms_) / 1e3;
    const auto texts = static_cast<double>(texts_.size());
    double work = 0;
    for (const Prediction& prediction : warm_.predictions) {
      out.tokens += prediction.tokens;
      work += flops.of(prediction.tokens);
    }
    out.passes = wall_ms_.size();
    out.texts_per_s = texts / best_s;
    out.tokens_per_s = static_cast<double>(out.tokens) / best_s;
    out.median_texts_per_s = texts / (bench::percentile(wall_ms_, 50) / 1e3);
    out.gflops = work / best_s / 1e9;
    out.filler_share = static_cast<double>(warm_.filler) / static_cast<double>(warm_.tokens + warm_.filler);
    const double wall_ms = total(wall_ms_);
    out.shares = {sum_.tokenize / wall_ms, sum_.batch / wall_ms, sum_.infer / wall_ms, sum_.decide / wall_ms};
    out.outside_inference_share = cpu_ms_ / wall_ms;
  }

 private:
  const Classifier& classifier_;
  std::span<const Text> texts_;
  Classified warm_;
  std::vector<double> wall_ms_;
  double cpu_ms_ = 0;
  StageTimes sum_;
};

void measure_throughput(const std::filesystem::path& model, std::span<const Text> texts, const BenchOptions& options,
                        BenchReport& report) {
  const bench::Flops flops = bench::count_flops(open_model(model).graph.model);
  const Classifier classifier = Classifier::load(model, options.model);
  report.device = classifier.device();
  report.precision = classifier.precision();
  report.threads = classifier.threads();
  report.streams = classifier.streams();
  Passes passes(classifier, texts);
  const ProcessMemory memory = process_memory();
  report.rss_mb = static_cast<double>(memory.resident) / 1e6;
  report.anonymous_mb = static_cast<double>(memory.anonymous) / 1e6;

  bench::MatmulPeak peak({report.precision, report.threads, report.streams});
  const Stopwatch watch;
  do {
    report.peak_gflops = std::max(report.peak_gflops, peak.sample());
    passes.run();
  } while (watch.ms() < options.seconds * 1e3);
  report.peak_gflops = std::max(report.peak_gflops, peak.sample());
  passes.report(flops, report);
}

LatencyReport measure_latency(const std::filesystem::path& model, std::span<const Text> texts,
                              const BenchOptions& options) {
  ModelOptions one_at_a_time = options.model;
  one_at_a_time.mode = Mode::latency;
  const Classifier classifier = Classifier::load(model, one_at_a_time);
  // Once over the texts, so that every shape has been seen, but no longer than the measurement itself.
  const Stopwatch warming;
  for (std::size_t i = 0; i < texts.size() && warming.ms() < options.seconds * 1e3; ++i)
    classifier.classify(texts.subspan(i, 1));

  std::vector<double> calls_ms;
  const Stopwatch watch;
  do {
    const Stopwatch call;
    classifier.classify(texts.subspan(calls_ms.size() % texts.size(), 1));
    calls_ms.push_back(call.ms());
  } while (watch.ms() < options.seconds * 1e3);
  return {bench::percentile(calls_ms, 50), bench::percentile(calls_ms, 90), bench::percentile(calls_ms, 99),
          calls_ms.size()};
}

}  // namespace

BenchReport bench_model(const std::filesystem::path& model, std::span<const std::string> texts,
                        const BenchOptions& options) {
  const std::vector<Text> chosen = different(texts);
  BenchReport report;
  report.model = inspect(model);
  report.mode = options.model.mode;
  report.texts = chosen.size();
  measure_throughput(model, chosen, options, report);
  report.latency = measure_latency(model, chosen, options);
  return report;
}

}  // namespace tastevin
