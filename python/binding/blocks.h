#pragma once

// Texts of Python through the library, a block at a time: the GIL is free while it works, and between two blocks the
// process answers to signals.

#include <nanobind/nanobind.h>

#include <algorithm>
#include <chrono>
#include <span>

#include "tastevin/text.h"
#include "text_reader.h"

namespace tastevin::python {

/// Blocks that take about a second: long enough that the device never idles, short enough for Ctrl-C.
class BlockSize {
 public:
  std::size_t texts() const { return texts_; }

  void took(std::chrono::steady_clock::duration time) {
    if (time < std::chrono::milliseconds(500)) texts_ = std::min(2 * texts_, kMost);
    if (time > std::chrono::seconds(2)) texts_ = std::max(texts_ / 2, kLeast);
  }

 private:
  static constexpr std::size_t kLeast = 256;
  static constexpr std::size_t kMost = 16384;
  std::size_t texts_ = 1024;
};

/// Calls `work` with each block of `texts`, without the GIL.
template <class Work>
void in_blocks(TextReader& texts, Work work) {
  BlockSize size;
  for (auto block = texts.next(size.texts()); !block.empty(); block = texts.next(size.texts())) {
    {
      const nanobind::gil_scoped_release release;
      const auto begin = std::chrono::steady_clock::now();
      work(block);
      size.took(std::chrono::steady_clock::now() - begin);
    }
    if (PyErr_CheckSignals() != 0) throw nanobind::python_error();
  }
}

}  // namespace tastevin::python
