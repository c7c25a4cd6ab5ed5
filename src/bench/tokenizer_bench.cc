#include <algorithm>
#include <future>
#include <limits>

#include "base/error.h"
#include "base/stopwatch.h"
#include "classify/tokenizer/tokenizer.h"
#include "tastevin/bench.h"

namespace tastevin {
namespace {

constexpr std::size_t kBytesAPass = 2'000'000;  // some 50 ms: long beside the start of a thread

std::size_t bytes_of(std::span<const std::string> texts) {
  std::size_t bytes = 0;
  for (const std::string& text : texts) bytes += text.size();
  return bytes;
}

/// The texts over and over until there is enough of them to time.
std::vector<std::string> repeated(std::span<const std::string> texts) {
  const std::size_t times = 1 + kBytesAPass / std::max<std::size_t>(1, bytes_of(texts));
  std::vector<std::string> many;
  many.reserve(times * texts.size());
  for (std::size_t i = 0; i < times; ++i) many.insert(many.end(), texts.begin(), texts.end());
  return many;
}

std::size_t encode_all(const tokenizer::Tokenizer& tokenizer, std::span<const std::string> texts,
                       const tokenizer::EncodeOptions& options) {
  Encoding encoding;
  std::size_t tokens = 0;
  for (const std::string& text : texts) {
    tokenizer.encode({text}, options, encoding);
    tokens += encoding.ids.size();
  }
  return tokens;
}

/// One stretch of the texts for each thread; returns the tokens of them all.
std::size_t encode_on_threads(const tokenizer::Tokenizer& tokenizer, std::span<const std::string> texts,
                              const TokenizerBenchOptions& options) {
  const tokenizer::EncodeOptions encoding{.offsets = options.offsets};
  if (options.threads == 1) return encode_all(tokenizer, texts, encoding);
  std::vector<std::future<std::size_t>> workers;
  for (std::size_t i = 0; i < options.threads; ++i) {
    const std::size_t begin = texts.size() * i / options.threads;
    const std::size_t end = texts.size() * (i + 1) / options.threads;
    workers.push_back(std::async(std::launch::async, [&, share = texts.subspan(begin, end - begin)] {
      return encode_all(tokenizer, share, encoding);
    }));
  }
  std::size_t tokens = 0;
  for (std::future<std::size_t>& worker : workers) tokens += worker.get();
  return tokens;
}

void check(std::span<const std::string> texts, const TokenizerBenchOptions& options) {
  if (texts.empty()) throw Error(ErrorCode::invalid_argument, "bench: expected a text, found none");
  constexpr std::size_t kMostThreads = 4096;
  if (options.threads == 0 || options.threads > kMostThreads) {
    throw Error(ErrorCode::invalid_argument, "threads: expected 1 to " + std::to_string(kMostThreads) + ", found " +
                                                 std::to_string(options.threads));
  }
}

}  // namespace

TokenizerReport bench_tokenizer(const std::filesystem::path& folder, std::span<const std::string> texts,
                                const TokenizerBenchOptions& options) {
  check(texts, options);
  TokenizerReport report;
  const Stopwatch loading;
  const auto tokenizer = tokenizer::Tokenizer::load(folder);
  report.load_ms = loading.ms();

  const std::vector<std::string> many = repeated(texts);
  report.texts = many.size();
  report.bytes = bytes_of(many);
  report.threads = options.threads;
  report.tokens = encode_on_threads(tokenizer, many, options);
  double best_ms = std::numeric_limits<double>::infinity();
  const Stopwatch watch;
  do {
    const Stopwatch pass;
    encode_on_threads(tokenizer, many, options);
    best_ms = std::min(best_ms, pass.ms());
  } while (watch.ms() < options.seconds * 1e3);
  report.texts_per_s = static_cast<double>(report.texts) / best_ms * 1e3;
  report.mb_per_s = static_cast<double>(report.bytes) / best_ms / 1e3;
  return report;
}

}  // namespace tastevin
