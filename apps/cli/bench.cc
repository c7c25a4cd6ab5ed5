#include "tastevin/bench.h"

#include <cmath>
#include <iostream>
#include <memory>

#include "base/error.h"
#include "base/json.h"
#include "bench_startup.h"
#include "chosen_model.h"
#include "commands.h"
#include "flags.h"
#include "terminal.h"

namespace tastevin::cli {
namespace {

struct BenchFlags {
  std::string model;
  std::string texts;
  bool json = false;
  BenchOptions options;
};

struct TokenizerFlags {
  std::string model;
  std::string texts;
  bool json = false;
  TokenizerBenchOptions options;
};

std::vector<std::string> texts_of(const std::string& file) {
  return file.empty() ? generated_texts() : read_texts(file);
}

void row(std::string_view name, const std::string& value) { print_row(name, 14, value); }

std::string share_of(double share) { return percent(share, 1); }

double rounded(double value) { return std::round(value * 1e4) / 1e4; }

void print(const std::string& report) { std::cout << report << "\n"; }

void print_json(const BenchReport& report) {
  const TimeShares& shares = report.shares;
  const Json json{{"model", report.model.folder.string()},
                  {"family", report.model.family},
                  {"device", report.device},
                  {"precision", name_of(report.precision)},
                  {"mode", name_of(report.mode)},
                  {"threads", report.threads},
                  {"streams", report.streams},
                  {"texts", report.texts},
                  {"tokens", report.tokens},
                  {"passes", report.passes},
                  {"texts_per_s", rounded(report.texts_per_s)},
                  {"tokens_per_s", rounded(report.tokens_per_s)},
                  {"median_texts_per_s", rounded(report.median_texts_per_s)},
                  {"latency_ms",
                   {{"p50", rounded(report.latency.p50_ms)},
                    {"p90", rounded(report.latency.p90_ms)},
                    {"p99", rounded(report.latency.p99_ms)},
                    {"calls", report.latency.calls}}},
                  {"filler_share", rounded(report.filler_share)},
                  {"time_share",
                   {{"tokenize", rounded(shares.tokenize)},
                    {"batch", rounded(shares.batch)},
                    {"infer", rounded(shares.infer)},
                    {"decide", rounded(shares.decide)}}},
                  {"outside_inference_share", rounded(report.outside_inference_share)},
                  {"gflops", rounded(report.gflops)},
                  {"peak_gflops", rounded(report.peak_gflops)},
                  {"rss_mb", rounded(report.rss_mb)},
                  {"anonymous_mb", rounded(report.anonymous_mb)}};
  print(dumped(json));
}

void print_table(const BenchReport& report) {
  const TimeShares& shares = report.shares;
  const LatencyReport& latency = report.latency;
  row("model", report.model.family + ", " + std::to_string(report.model.parameters) + " parameters");
  row("computes", report.device + ", " + std::string(name_of(report.precision)) + ", " +
                      std::to_string(report.threads) + " threads, " + std::to_string(report.streams) + " streams");
  row("texts", std::to_string(report.texts) + " of " +
                   decimal(static_cast<double>(report.tokens) / static_cast<double>(report.texts), 1) + " tokens");
  row("throughput", decimal(report.texts_per_s, 1) + " texts/s, " + decimal(report.tokens_per_s, 0) +
                        " tokens/s (best of " + std::to_string(report.passes) + " passes)");
  row("one text", "p50 " + decimal(latency.p50_ms, 2) + " ms, p90 " + decimal(latency.p90_ms, 2) + " ms, p99 " +
                      decimal(latency.p99_ms, 2) + " ms (" + std::to_string(latency.calls) + " calls)");
  row("filler", share_of(report.filler_share) + " of the tokens computed");
  row("time", "tokenizer " + share_of(shares.tokenize) + ", batching " + share_of(shares.batch) + ", inference " +
                  share_of(shares.infer) + ", rest " + share_of(shares.decide) + "; CPU time outside inference " +
                  share_of(report.outside_inference_share));
  row("arithmetic", decimal(report.gflops, 0) + " GFLOP/s, " + share_of(report.gflops / report.peak_gflops) +
                        " of the " + decimal(report.peak_gflops, 0) + " that matrix products alone reach");
  row("memory", decimal(report.rss_mb, 0) + " MB resident, of it " + decimal(report.anonymous_mb, 0) + " MB anonymous");
}

void run_model(const BenchFlags& flags) {
  const BenchReport report = bench_model(chosen_or_bundled_model(flags.model), texts_of(flags.texts), flags.options);
  flags.json ? print_json(report) : print_table(report);
}

void run_tokenizer(const TokenizerFlags& flags) {
  const TokenizerReport report =
      bench_tokenizer(chosen_or_bundled_model(flags.model), texts_of(flags.texts), flags.options);
  if (flags.json) {
    const Json json{{"texts_per_s", rounded(report.texts_per_s)},
                    {"mb_per_s", rounded(report.mb_per_s)},
                    {"threads", report.threads},
                    {"offsets", flags.options.offsets},
                    {"texts", report.texts},
                    {"bytes", report.bytes},
                    {"tokens", report.tokens},
                    {"load_ms", rounded(report.load_ms)}};
    print(json.dump());
    return;
  }
  row("throughput", decimal(report.texts_per_s, 0) + " texts/s, " + decimal(report.mb_per_s, 1) + " MB/s on " +
                        std::to_string(report.threads) + (report.threads == 1 ? " thread" : " threads"));
  row("loading", decimal(report.load_ms, 1) + " ms");
}

void add_texts(CLI::App& command, std::string& texts) {
  command
      .add_option(
          "--texts", texts,
          "one text a line, or a .tsv with a column sentence, text or content (default: 512 built-in sentences)")
      ->type_name("FILE");
}

void add_seconds(CLI::App& command, double& seconds, const std::string& help) {
  command.add_option("--seconds", seconds, help)
      ->type_name("S")
      ->check(CLI::Range(0.0, 86400.0), "")
      ->capture_default_str();
}

void add_tokenizer(CLI::App& bench) {
  auto flags = std::make_shared<TokenizerFlags>();
  CLI::App* command = bench.add_subcommand("tokenizer", "Measure a tokenizer");
  command->add_option("--model", flags->model, "folder with tokenizer files (default: the bundled model)")
      ->type_name("FOLDER");
  add_texts(*command, flags->texts);
  add_flag(*command, "--threads", flags->options.threads, "threads that encode, each its share of the texts");
  command->add_flag("--offsets", flags->options.offsets, "find each token's place in its text too");
  add_seconds(*command, flags->options.seconds, "how long to measure");
  command->add_flag("--json", flags->json, "print one JSON object");
  command->footer("Example:\n  tastevin bench tokenizer --model models/sst2-tiny");
  command->callback([flags] { run_tokenizer(*flags); });
}

void add_startup(CLI::App& bench) {
  auto settings = std::make_shared<StartupSettings>();
  CLI::App* command = bench.add_subcommand("startup", "Measure fresh processes, from their start to their first label");
  command->add_option("MODEL", settings->models, "checkpoint folders or converted folders (default: the bundled model)")
      ->type_name("");
  add_flag(*command, "--runs", settings->runs, "processes of each kind a model");
  command->add_flag("--json", settings->json, "print a JSON object a model");
  command->footer("Example:\n  tastevin bench startup models/sst2-tiny --runs 3");
  command->callback([settings] {
    if (settings->runs == 0) throw Error(ErrorCode::invalid_argument, "runs: expected 1 or more, found 0");
    if (settings->models.empty()) settings->models.emplace_back();
    for (std::string& model : settings->models) model = chosen_or_bundled_model(model).string();
    bench_startup(*settings);
  });
}

}  // namespace

void add_bench(CLI::App& app) {
  auto flags = std::make_shared<BenchFlags>();
  CLI::App* command = app.add_subcommand("bench", "Measure a model: throughput, latency, arithmetic, memory");
  command->add_option("MODEL", flags->model, "checkpoint folder or converted folder (default: the bundled model)")
      ->type_name("");
  add_texts(*command, flags->texts);
  add_seconds(*command, flags->options.seconds, "how long to measure throughput, and again latency");
  command->add_flag("--json", flags->json, "print one JSON object");
  add_flags(*command, flags->options.model);
  command->footer(
      "A model folder that is called like a command is given with its path: ./tokenizer.\n"
      "Example:\n  tastevin bench models/sst2-tiny --seconds 1");
  add_tokenizer(*command);
  add_startup(*command);
  command->callback([command, flags] {
    if (command->get_subcommands().empty()) run_model(*flags);
  });
}

}  // namespace tastevin::cli
