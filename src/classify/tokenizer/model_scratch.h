#pragma once

// What the models write to while they read a piece; parts of `Scratch`.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tastevin::tokenizer {

/// Buffers above this many elements are given back after the piece that needed them.
inline constexpr std::size_t kKeptElements = std::size_t{1} << 16U;

struct BpeScratch {
  /// A token in the making; `previous` and `next` are neighbours in the list of the long way.
  struct Symbol {
    std::int32_t id = 0;
    std::uint32_t length = 0;  // in bytes; 0 once merged into its left neighbour
    std::uint32_t previous = 0;
    std::uint32_t next = 0;
  };

  std::vector<Symbol> symbols;
  std::vector<std::uint64_t> queue;  // rank << 32 | position
  std::vector<std::uint32_t> ranks;  // by position
  std::string spelling;              // of a first symbol with its prefix and suffix
};

struct UnigramScratch {
  /// The best way that ends at one byte.
  struct Node {
    double score = 0;
    std::uint32_t begin = 0;
    std::int32_t id = 0;
  };

  std::vector<Node> nodes;
};

template <class T>
void give_back_large(std::vector<T>& buffer) {
  if (buffer.capacity() > kKeptElements) std::vector<T>().swap(buffer);
}

}  // namespace tastevin::tokenizer
