#pragma once

// What the machine gives to matrix products at best: a chain of them and nothing else, by the library that runs the
// models, in the same precision, threads and streams. What a model reaches of it is what is left to gain.

#include <cstddef>
#include <memory>

#include "tastevin/options.h"

namespace tastevin::bench {

struct PeakSettings {
  Precision precision = Precision::f32;
  std::size_t threads = 1;
  std::size_t streams = 1;
};

class MatmulPeak {
 public:
  /// Compiles the chain, 24 products of [512,768] by [768,3072] and back, on the CPU. It holds 226 MB of weights.
  explicit MatmulPeak(const PeakSettings& settings);
  ~MatmulPeak();
  MatmulPeak(MatmulPeak&&) noexcept;
  MatmulPeak& operator=(MatmulPeak&&) noexcept;

  /// GFLOP/s of the chain run once on each stream, side by side.
  double sample();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tastevin::bench
