#pragma once

// Which token has which id. Built by `add`, then immutable and safe from many threads.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tastevin::tokenizer {

class Vocabulary {
 public:
  static constexpr std::int32_t kMaxId = (1 << 26) - 1;

  Vocabulary() : slots_(16) {}

  void reserve(std::size_t tokens, std::size_t bytes);
  /// Copies the token. Of equal tokens, and of equal ids, the last wins.
  /// Throws `Error{bad_checkpoint}` for an id below 0 or above `kMaxId`.
  void add(std::string_view token, std::int32_t id);

  /// The token's id, or -1.
  std::int32_t find(std::string_view token) const noexcept;
  std::optional<std::int32_t> id_of(std::string_view token) const {
    const std::int32_t id = find(token);
    return id < 0 ? std::nullopt : std::optional(id);
  }
  /// Lives until the next `add`.
  std::optional<std::string_view> token_of(std::int32_t id) const;

  /// The number of different tokens; ids may leave holes.
  std::size_t size() const noexcept { return size_; }
  /// One more than the largest id.
  std::size_t id_bound() const noexcept { return index_of_id_.size(); }

 private:
  struct Token {
    std::uint32_t begin = 0;
    std::uint32_t length = 0;
    std::int32_t id = 0;
  };
  /// `tag` is the upper half of the hash: it spares most comparisons of the token itself.
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t index = kFree;
  };
  static constexpr std::uint32_t kFree = UINT32_MAX;

  std::size_t slot_of(std::string_view token) const noexcept;
  void rehash(std::size_t slots);
  std::string_view text_of(const Token& token) const noexcept { return {text_.data() + token.begin, token.length}; }

  std::string text_;
  std::vector<Token> tokens_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> index_of_id_;
  std::size_t size_ = 0;
};

}  // namespace tastevin::tokenizer
