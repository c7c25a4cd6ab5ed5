#pragma once

// Elapsed time: a stopwatch runs from its construction, on a clock that is never set back. A value; any thread may ask.

#include <chrono>

namespace tastevin {

class Stopwatch {
 public:
  double ms() const { return std::chrono::duration<double, std::milli>(Clock::now() - start_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

}  // namespace tastevin
