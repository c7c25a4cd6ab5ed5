#pragma once

// Texts of Python through the library, a block at a time: the GIL is free while it works, and between two blocks the
// process answers to signals.

#include <nanobind/nanobind.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <span>

#include "gil.h"
#include "tastevin/classifier.h"
#include "text_reader.h"

namespace tastevin::python {

/// Blocks that take half a second to one: long enough that the device never idles, short enough for Ctrl-C. How long a
/// text takes, from microseconds to seconds, tells the first block, which is the least.
class BlockSize {
 public:
  explicit BlockSize(std::size_t least, std::size_t most = 16384)
      : least_(std::max<std::size_t>(least, 1)), most_(std::max(least_, most)), texts_(least_) {}

  std::size_t texts() const { return texts_; }

  void took(std::chrono::steady_clock::duration time) {
    constexpr double kSeconds = 1;
    constexpr double kMostGrowth = 16;  // the next texts may be longer than these
    const double seconds = std::chrono::duration<double>(time).count();
    // By powers of two, so that a call is cut as the one before it.
    const double growth = std::exp2(std::floor(std::log2(std::min(kSeconds / seconds, kMostGrowth))));
    texts_ = std::clamp(static_cast<std::size_t>(static_cast<double>(texts_) * growth), least_, most_);
  }

 private:
  std::size_t least_;
  std::size_t most_;
  std::size_t texts_;
};

/// Two texts for each request that the device computes side by side: fewer would leave it idle.
inline BlockSize block_size(const Classifier& classifier) { return BlockSize(2 * classifier.streams()); }

/// Calls `work` without the GIL, and lets `size` know how long that took; then answers to signals.
template <class Work>
void in_block(BlockSize& size, Work work) {
  {
    const WithoutGil without_gil;
    const auto begin = std::chrono::steady_clock::now();
    work();
    size.took(std::chrono::steady_clock::now() - begin);
  }
  if (in_python([] { return PyErr_CheckSignals(); }) != 0) throw nanobind::python_error();
}

/// Calls `work` with each block of `texts`, without the GIL. What it says of one text gets the place among all.
template <class Work>
void in_blocks(TextReader& texts, BlockSize size, Work work) {
  std::size_t done = 0;
  for (auto block = texts.next(size.texts()); !block.empty(); block = texts.next(size.texts())) {
    try {
      in_block(size, [&] { work(block); });
    } catch (const TextError& error) {
      throw TextError(error.code(), done + error.text(), error.why());
    } catch (const Error& error) {
      const bool is_of_one = error.code() == ErrorCode::too_large && block.size() == 1 && texts.size() != 1;
      if (!is_of_one) throw;
      throw TextError(error.code(), done, error.what());
    }
    done += block.size();
  }
}

}  // namespace tastevin::python
