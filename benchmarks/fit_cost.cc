// Fits the cost model of the packing plan (src/classify/batch/cost_model.h) to this machine: times requests of many
// shapes, as many side by side as the device likes, and prints the least-squares constants in the units of the struct.
//
//   fit_cost MODEL [--precision f32|bf16] [--threads N] [--mode throughput|latency]
//
// A request of R rows of T tokens takes a + b R T + c R T T (+ d per place for a text); the struct wants a/b and c/b.
// Relative errors are what is made small: a plan adds up requests of every size.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "base/stopwatch.h"
#include "classify/runtime/session.h"
#include "open_model.h"
#include "run_program.h"

namespace {

using namespace tastevin;

struct Shape {
  std::size_t rows = 1;
  std::size_t length = 1;
  std::size_t slots = 1;
};

struct Sample {
  Shape shape;
  double ms = 0;
};

constexpr std::size_t kTerms = 4;
using Terms = std::array<double, kTerms>;

/// What each constant is multiplied with: a, b, c, d.
Terms terms_of(const Shape& shape) {
  const auto tokens = static_cast<double>(shape.rows * shape.length);
  return {1, tokens, tokens * static_cast<double>(shape.length), static_cast<double>(shape.rows * shape.slots)};
}

/// Rows full of texts of equal length, as many as the shape has places for.
Batch batch_of(const Shape& shape) {
  Batch batch;
  batch.rows = shape.rows;
  batch.length = shape.length;
  batch.slots = shape.slots;
  const std::size_t text = (shape.length + shape.slots - 1) / shape.slots;
  for (std::size_t row = 0; row < shape.rows; ++row) {
    for (std::size_t at = 0; at < shape.length; ++at) {
      batch.input_ids.push_back(static_cast<std::int64_t>(1000 + (row * 37 + at * 11) % 5000));
      batch.position_ids.push_back(static_cast<std::int64_t>(at % text));
      batch.segment.push_back(static_cast<std::int64_t>(1 + at / text));
      batch.token_type_ids.push_back(0);
    }
    for (std::size_t slot = 0; slot < shape.slots; ++slot) {
      batch.first.push_back(static_cast<std::int64_t>(std::min(slot * text, shape.length - 1)));
      batch.source.push_back(kNoText);
    }
  }
  batch.tokens = shape.rows * shape.length;
  return batch;
}

std::vector<Shape> grid() {
  std::vector<Shape> shapes;
  for (const std::size_t length : {16, 32, 64, 128, 192, 256, 512}) {
    for (const std::size_t rows : {1, 2, 4}) {
      if (rows * length > 512) continue;
      for (const std::size_t slots : {std::size_t{1}, length / 16}) shapes.push_back({rows, length, slots});
    }
  }
  const auto repeated =
      std::ranges::unique(shapes, [](const Shape& a, const Shape& b) { return terms_of(a) == terms_of(b); });
  shapes.erase(repeated.begin(), repeated.end());
  return shapes;
}

/// Milliseconds that one stream takes for a request of `shape`: the fastest of several rounds, all streams busy.
double time_of(const runtime::Session& session, const Shape& shape) {
  const Batch batch = batch_of(shape);
  const std::size_t count = session.in_flight();
  double best = 0;
  for (int round = 0; round < 3; ++round) {
    std::size_t given = 0;
    const Stopwatch watch;
    session.infer_all([&] { return given < count ? (++given, std::optional(batch)) : std::nullopt; },
                      [](const Batch&, const Logits&) {});
    const double ms = watch.ms();
    if (round > 0) best = best == 0 ? ms : std::min(best, ms);  // the first compiles kernels for the shape
  }
  return best;
}

/// Solves the normal equations by Gauss' elimination; they are 4 by 4 and well conditioned once scaled.
Terms solve(std::array<Terms, kTerms> matrix, Terms right) {
  for (std::size_t pivot = 0; pivot < kTerms; ++pivot) {
    for (std::size_t row = pivot + 1; row < kTerms; ++row) {
      const double factor = matrix[row][pivot] / matrix[pivot][pivot];
      for (std::size_t column = pivot; column < kTerms; ++column) matrix[row][column] -= factor * matrix[pivot][column];
      right[row] -= factor * right[pivot];
    }
  }
  for (std::size_t row = kTerms; row-- > 0;) {
    for (std::size_t column = row + 1; column < kTerms; ++column) right[row] -= matrix[row][column] * right[column];
    right[row] /= matrix[row][row];
  }
  return right;
}

Terms fit(const std::vector<Sample>& samples) {
  std::array<Terms, kTerms> matrix{};
  Terms right{};
  constexpr Terms kScale{1, 1e-2, 1e-4, 1e-1};  // terms of one size
  for (const Sample& sample : samples) {
    const Terms terms = terms_of(sample.shape);
    for (std::size_t i = 0; i < kTerms; ++i) {
      right[i] += kScale[i] * terms[i] / sample.ms;
      for (std::size_t j = 0; j < kTerms; ++j)
        matrix[i][j] += kScale[i] * terms[i] * kScale[j] * terms[j] / (sample.ms * sample.ms);
    }
  }
  Terms constants = solve(matrix, right);
  for (std::size_t i = 0; i < kTerms; ++i) constants[i] *= kScale[i];
  return constants;
}

double predicted(const Terms& constants, const Shape& shape) {
  const Terms terms = terms_of(shape);
  double ms = 0;
  for (std::size_t i = 0; i < kTerms; ++i) ms += constants[i] * terms[i];
  return ms;
}

void print(const std::vector<Sample>& samples, const Terms& constants) {
  std::printf("%5s %6s %6s %9s %9s %9s %7s\n", "rows", "length", "slots", "ms", "us/token", "fitted", "error");
  double worst = 0;
  for (const auto& [shape, ms] : samples) {
    const double guess = predicted(constants, shape);
    worst = std::max(worst, std::abs(guess / ms - 1));
    std::printf("%5zu %6zu %6zu %9.3f %9.2f %9.3f %+6.1f%%\n", shape.rows, shape.length, shape.slots, ms,
                ms * 1e3 / static_cast<double>(shape.rows * shape.length), guess, (guess / ms - 1) * 100);
  }
  std::printf(
      "\none token %.2f us; in tokens: request = %.1f, attention = %.2e, a place for a text = %.3f; error at most "
      "%.0f%%\n",
      constants[1] * 1e3, constants[0] / constants[1], constants[2] / constants[1], constants[3] / constants[1],
      worst * 100);
}

void run(const std::string& model, const ModelOptions& options) {
  ModelParts parts = open_model(model);
  const runtime::Session session(parts.graph.model, std::move(parts.graph.files), options);
  std::vector<Sample> samples;
  for (const Shape& shape : grid()) samples.push_back({shape, time_of(session, shape)});
  print(samples, fit(samples));
}

}  // namespace

int main(int argc, char** argv) {
  std::string model;
  ModelOptions options;
  CLI::App app("Fits the cost model of the packing plan to this machine");
  app.add_option("MODEL", model)->required();
  cli::add_flags(app, options);
  return benchmarks::run_program(app, argc, argv, [&] { run(model, options); });
}
