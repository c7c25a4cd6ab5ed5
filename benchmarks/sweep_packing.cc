// Shows what the packing plan's constants are worth on this machine: throughput for each row length (a row's capacity)
// and each size of a request, texts in the order of the file, planned in windows of 1024 as the classifier does.
//
//   sweep_packing MODEL TEXTS [--precision f32|bf16] [--threads N] [--rounds N]
//
// The settings take turns, round after round, so that a drift of the machine touches them alike; the figure of each is
// the median over the rounds of its time beside that round's first setting. `classify` is the product itself.

#include <algorithm>
#include <bit>
#include <cstdio>
#include <numeric>
#include <string>
#include <vector>

#include "base/stopwatch.h"
#include "classify/batch/pack.h"
#include "classify/runtime/session.h"
#include "open_model.h"
#include "run_program.h"
#include "tastevin/bench.h"

namespace {

using namespace tastevin;

constexpr std::size_t kWindow = 1024;

struct Settings {
  std::string model;
  std::string texts;
  ModelOptions options;
  std::size_t rounds = 5;
};

struct Choice {
  std::string name;
  std::size_t capacity = 0;  // tokens a row; 0: the plan of the product
  std::size_t budget = 0;    // tokens a request
  std::vector<double> ms;
  double filler = 0;
};

using Rows = std::vector<std::vector<std::size_t>>;

/// Best fit, longest text first.
Rows fill_rows(std::span<const std::size_t> lengths, std::size_t capacity) {
  std::vector<std::size_t> order(lengths.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::size_t i) { return lengths[i]; });
  Rows rows;
  std::vector<std::size_t> space;
  for (const std::size_t text : order) {
    std::size_t best = rows.size();
    for (std::size_t row = 0; row < rows.size(); ++row)
      if (space[row] >= lengths[text] && (best == rows.size() || space[row] < space[best])) best = row;
    if (best == rows.size()) {
      rows.emplace_back();
      space.push_back(std::max(capacity, lengths[text]));
    }
    rows[best].push_back(text);
    space[best] -= lengths[text];
  }
  return rows;
}

std::size_t tokens_of(const std::vector<std::size_t>& row, std::span<const std::size_t> lengths) {
  std::size_t tokens = 0;
  for (const std::size_t text : row) tokens += lengths[text];
  return tokens;
}

std::vector<batch::Request> requests_of(std::span<const std::size_t> lengths, const Choice& choice) {
  Rows rows = fill_rows(lengths, choice.capacity);
  std::ranges::stable_sort(rows, std::ranges::greater{}, [&](const auto& row) { return tokens_of(row, lengths); });
  std::vector<batch::Request> requests;
  for (std::size_t begin = 0; begin < rows.size();) {
    batch::Request request{.length = batch::row_length(tokens_of(rows[begin], lengths)), .slots = 1, .rows = {}};
    const std::size_t fitting = std::max<std::size_t>(1, choice.budget / request.length);
    for (std::size_t i = begin; i < std::min(begin + fitting, rows.size()); ++i) {
      request.slots = std::max(request.slots, std::bit_ceil(rows[i].size()));
      request.rows.push_back(rows[i]);
    }
    begin += request.rows.size();
    requests.push_back(std::move(request));
  }
  return requests;
}

struct Work {
  std::vector<Encoding> encodings;
  std::vector<std::size_t> lengths;
  std::int32_t pad_id = 0;
};

std::vector<Batch> batches_of(const Work& work, const Choice& choice, const runtime::Session& session) {
  std::vector<Batch> batches;
  for (std::size_t begin = 0; begin < work.lengths.size(); begin += kWindow) {
    const std::size_t count = std::min(kWindow, work.lengths.size() - begin);
    const auto lengths = std::span(work.lengths).subspan(begin, count);
    const auto requests = choice.capacity > 0 ? requests_of(lengths, choice)
                                              : batch::plan(lengths, {.in_flight = session.in_flight(), .cost = {}});
    for (const batch::Request& request : requests)
      batches.push_back(batch::pack(request, std::span(work.encodings).subspan(begin, count), work.pad_id));
  }
  return batches;
}

double run(const runtime::Session& session, const std::vector<Batch>& batches) {
  std::size_t next = 0;
  const Stopwatch watch;
  session.infer_all([&] { return next < batches.size() ? std::optional(batches[next++]) : std::nullopt; },
                    [](const Batch&, const Logits&) {});
  return watch.ms();
}

std::vector<Choice> choices() {
  std::vector<Choice> all{{"plan", 0, 0, {}, 0}};
  for (const std::size_t capacity : {64, 96, 128, 192, 256, 384, 512}) {
    for (const std::size_t budget : {128, 256, 384, 512, 768, 1024}) {
      if (budget < capacity) continue;
      all.push_back({std::to_string(capacity) + " / " + std::to_string(budget), capacity, budget, {}, 0});
    }
  }
  return all;
}

void print(const std::vector<Choice>& all, std::size_t texts) {
  const auto median = [](std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
  };
  std::printf("%-14s %10s %10s %8s\n", "row / request", "ms a text", "to plan", "filler");
  for (const Choice& choice : all) {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < choice.ms.size(); ++i) ratios.push_back(choice.ms[i] / all.front().ms[i]);
    std::printf("%-14s %10.3f %10.3f %7.1f%%\n", choice.name.c_str(), median(choice.ms) / static_cast<double>(texts),
                median(ratios), choice.filler * 100);
  }
}

void sweep(const Settings& settings) {
  ModelParts parts = open_model(settings.model);
  const runtime::Session session(parts.graph.model, std::move(parts.graph.files), settings.options);
  Work work{.encodings = {}, .lengths = {}, .pad_id = parts.tokenizer.pad_id()};
  for (const std::string& text : read_texts(settings.texts)) {
    work.encodings.push_back(parts.tokenizer.encode({text}, {.max_length = parts.info.max_length}));
    work.lengths.push_back(work.encodings.back().ids.size());
  }
  std::vector<Choice> all = choices();
  for (std::size_t round = 0; round <= settings.rounds; ++round) {
    for (Choice& choice : all) {
      const std::vector<Batch> batches = batches_of(work, choice, session);
      double computed = 0;
      double used = 0;
      for (const Batch& batch : batches) {
        computed += static_cast<double>(batch.rows * batch.length);
        used += static_cast<double>(batch.tokens);
      }
      choice.filler = 1 - used / computed;
      const double ms = run(session, batches);
      if (round > 0) choice.ms.push_back(ms);  // the first round compiles kernels for the shapes
    }
  }
  print(all, work.lengths.size());
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("What the packing plan's constants are worth on this machine");
  benchmarks::add_inputs(app, settings.model, settings.texts, settings.options);
  cli::add_flag(app, "--rounds", settings.rounds, "rounds of all settings after the first")->check(CLI::PositiveNumber);
  return benchmarks::run_program(app, argc, argv, [&settings] { sweep(settings); });
}
