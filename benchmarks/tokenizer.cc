// The tokenizer by Google Benchmark: loading a folder, and encoding texts with and without their places in the text.
//
//   tokenizer [FLAGS OF GOOGLE BENCHMARK] DIR [TEXTS]
//
// TEXTS is a file as `tastevin bench --texts` takes it; without it, generated sentences. `bytes_per_second` counts
// bytes of text, `items_per_second` texts. Every number of threads has the whole of the texts to do, on one shared
// tokenizer.

#include "classify/tokenizer/tokenizer.h"

#include <benchmark/benchmark.h>

#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "tastevin/bench.h"

namespace {

using namespace tastevin;

void load(benchmark::State& state, const std::filesystem::path& folder) {
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(tokenizer::Tokenizer::load(folder));
}

void encode(benchmark::State& state, const tokenizer::Tokenizer& tokenizer, const std::vector<std::string>& texts,
            bool offsets) {
  const tokenizer::EncodeOptions options{.offsets = offsets};
  std::size_t bytes = 0;
  for (const std::string& text : texts) bytes += text.size();
  Encoding encoding;
  for ([[maybe_unused]] auto _ : state) {
    for (const std::string& text : texts) tokenizer.encode({text}, options, encoding);
    benchmark::DoNotOptimize(encoding.ids.data());
  }
  const auto passes = static_cast<std::int64_t>(state.iterations());
  state.SetBytesProcessed(passes * static_cast<std::int64_t>(bytes));
  state.SetItemsProcessed(passes * static_cast<std::int64_t>(texts.size()));
}

void run(int words, char** word) {
  if (words < 2 || words > 3) throw std::invalid_argument("usage: tokenizer [--benchmark_...] DIR [TEXTS]");
  const std::filesystem::path folder = word[1];
  const auto tokenizer = tokenizer::Tokenizer::load(folder);
  const std::vector<std::string> texts = words == 3 ? read_texts(word[2]) : generated_texts();
  benchmark::RegisterBenchmark("load", load, folder)->Unit(benchmark::kMillisecond);
  for (const bool offsets : {false, true}) {
    const char* name = offsets ? "encode with offsets" : "encode";
    benchmark::RegisterBenchmark(name,
                                 [&, offsets](benchmark::State& state) { encode(state, tokenizer, texts, offsets); })
        ->Unit(benchmark::kMillisecond)
        ->ThreadRange(1, 2)
        ->UseRealTime();
  }
  benchmark::RunSpecifiedBenchmarks();
}

}  // namespace

int main(int argc, char** argv) try {
  benchmark::Initialize(&argc, argv);
  run(argc, argv);
  return 0;
} catch (const std::exception& error) {
  std::cerr << "tokenizer: " << error.what() << "\n";
  return 1;
}
