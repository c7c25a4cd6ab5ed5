#pragma once

// Whole words to ids, made for the one look-up a word that a WordPiece tokenizer lives on: a word of up to 16 bytes is
// compared inside its slot, so a look-up touches one cache line. Built once, then immutable.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "classify/tokenizer/hash.h"

namespace tastevin::tokenizer {

class WordTable {
 public:
  static constexpr std::size_t kMaxBytes = 16;

  struct Key {
    std::uint64_t first = 0;
    std::uint64_t second = 0;
    std::uint32_t length = 0;

    friend bool operator==(const Key&, const Key&) = default;
  };

  static Key key_of(std::string_view word) noexcept {
    const std::size_t rest = word.size() > 8 ? word.size() - 8 : 0;
    return {load_up_to_8(word.data(), word.size()), rest == 0 ? 0 : load_up_to_8(word.data() + 8, rest),
            static_cast<std::uint32_t>(word.size())};
  }

  explicit WordTable(std::size_t words = 0);

  /// Words of 1 to `kMaxBytes` bytes only, at most as many as the table was made for.
  void add(std::string_view word, std::int32_t id);

  /// The id, or -1.
  std::int32_t find(const Key& key) const noexcept {
    for (std::size_t at = position(key); slots_[at].id >= 0; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at].key == key) return slots_[at].id;
    }
    return -1;
  }

 private:
  struct Slot {
    Key key;
    std::int32_t id = -1;
  };

  std::size_t position(const Key& key) const noexcept {
    return static_cast<std::size_t>(mix(key.first, key.second + key.length)) & (slots_.size() - 1);
  }

  std::vector<Slot> slots_;
};

}  // namespace tastevin::tokenizer
