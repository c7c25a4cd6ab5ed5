#pragma once

// How fast this machine runs a model, and how much of the machine that is. Nothing here prints; `tastevin bench` does.
// Rates are those of the fastest pass, so that what other programs take from the machine meanwhile counts as little as
// it can; latencies are percentiles over every call.
//
//   const auto texts = tastevin::generated_texts();
//   const tastevin::BenchReport report = tastevin::bench_model("models/sst2-tiny", texts);
//   // report.texts_per_s, report.latency.p50_ms, report.gflops / report.peak_gflops, ...

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "tastevin/model_info.h"
#include "tastevin/options.h"

namespace tastevin {

struct BenchOptions {
  ModelOptions model;  ///< `mode` is that of the throughput passes; latency is measured in a model loaded for latency
  double seconds = 5;  ///< for the throughput passes, and again for the single texts; one pass at least
};

/// Nearest-rank percentiles of the time that `classify` takes for one text.
struct LatencyReport {
  double p50_ms = 0;
  double p90_ms = 0;
  double p99_ms = 0;
  std::size_t calls = 0;
};

/// Parts of the wall time of the throughput passes, as the calling thread spends it; they sum up to 1.
struct TimeShares {
  double tokenize = 0;
  double batch = 0;
  double infer = 0;  ///< waiting for the device
  double decide = 0;
};

struct BenchReport {
  ModelInfo model;
  std::string device;
  Precision precision = Precision::f32;
  Mode mode = Mode::throughput;
  std::size_t threads = 0;
  std::size_t streams = 0;
  std::size_t texts = 0;   ///< different texts, the size of a pass
  std::size_t tokens = 0;  ///< of these texts, special tokens counted
  std::size_t passes = 0;

  double texts_per_s = 0;
  double tokens_per_s = 0;
  double median_texts_per_s = 0;  ///< of the median pass: far below `texts_per_s` on a machine that is not quiet
  double filler_share = 0;        ///< tokens that were computed for nothing, of all that were computed
  TimeShares shares;
  /// CPU time of the calling thread over the wall time. The device computes on threads of its own, so this is all that
  /// is done besides.
  double outside_inference_share = 0;

  /// Useful work: that of the tokens of the texts alone, in the pruned graph. For each matrix product of [m,k] by [k,n]
  /// 2 m k n, attention's products with each text's own length, and nothing for norms and activations.
  double gflops = 0;
  /// Of a chain of 24 matrix products, [512,768] by [768,3072] and back, by OpenVINO in the same precision, threads and
  /// streams, between the passes.
  double peak_gflops = 0;

  LatencyReport latency;
  double rss_mb = 0;        ///< resident after the first pass, mapped files counted
  double anonymous_mb = 0;  ///< of it, what is not a mapped file
};

/// Measures `model` (a checkpoint folder or a model folder) on `texts`: on the different ones of their first 4096, all
/// of them in a call. Takes about 3 x `seconds`, more where one pass takes longer than that.
/// Throws `Error{invalid_argument}` when there is no text, and as `Classifier::load` does.
BenchReport bench_model(const std::filesystem::path& model, std::span<const std::string> texts,
                        const BenchOptions& options = {});

struct TokenizerBenchOptions {
  std::size_t threads = 1;
  bool offsets = false;  ///< whether to find each token's place in its text too
  double seconds = 2;
};

struct TokenizerReport {
  std::size_t texts = 0;  ///< in a pass
  std::size_t bytes = 0;
  std::size_t tokens = 0;
  std::size_t threads = 1;
  double texts_per_s = 0;
  double mb_per_s = 0;  ///< million bytes of text
  double load_ms = 0;
};

/// Measures the tokenizer of `folder`, which may hold tokenizer files alone: whole texts, special tokens added, no
/// limit. Throws `Error{invalid_argument}` when there is no text or no thread, and as loading the tokenizer does.
TokenizerReport bench_tokenizer(const std::filesystem::path& folder, std::span<const std::string> texts,
                                const TokenizerBenchOptions& options = {});

/// 512 different sentences of invented film criticism, about as long as those of the SST-2 development set (20 words on
/// average); always the same.
std::vector<std::string> generated_texts();

/// The texts of a file: of a `.tsv` the column that its first line calls `sentence`, `text` or `content`, of any other
/// file each line. Throws `Error{not_found}` for a file or a column that is not there.
std::vector<std::string> read_texts(const std::filesystem::path& file);

}  // namespace tastevin
