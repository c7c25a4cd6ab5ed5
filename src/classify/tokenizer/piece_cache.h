#pragma once

// What short pieces became lately: a fixed table of one place a hash, in which the newer piece evicts the older.
// Natural text repeats its words so much that most pieces are answered here. Belongs to one thread's `Scratch`.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "classify/tokenizer/model.h"

namespace tastevin::tokenizer {

class PieceCache {
 public:
  static constexpr std::size_t kMaxBytes = 24;
  static constexpr std::size_t kMaxTokens = 6;

  /// A number for a model to call `serve` with, different for each call.
  static std::uint64_t new_owner();

  /// Forgets all pieces unless they are `owner`'s already.
  void serve(std::uint64_t owner);

  /// Appends what `piece` became, if that is known.
  bool replay(std::string_view piece, std::vector<PieceToken>& out) const;
  /// Keeps what `piece` became, if piece and tokens are short enough.
  void remember(std::string_view piece, std::span<const PieceToken> tokens);

 private:
  static constexpr std::size_t kEntries = std::size_t{1} << 14U;  // 1 MiB

  using Words = std::array<std::uint64_t, kMaxBytes / 8>;

  struct alignas(64) Entry {
    Words words;  // the piece, padded with zeros
    std::array<std::int32_t, kMaxTokens> ids;
    std::array<std::uint8_t, kMaxTokens> begins, ends;
    std::uint8_t length;  // 0: nothing here
    std::uint8_t count;
  };

  static Words words_of(std::string_view piece);
  static std::size_t place_of(const Words& words, std::size_t length);

  std::vector<Entry> entries_;
  std::uint64_t owner_ = 0;
};

}  // namespace tastevin::tokenizer
