#pragma once

// The last step of tokenizing: one pre-tokenized piece becomes token ids. Immutable after load; safe from many threads;
// whatever changes during a call lives in the caller's `Scratch`.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tastevin::tokenizer {

/// A token and the bytes of the piece that it covers.
struct PieceToken {
  std::int32_t id = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  friend bool operator==(const PieceToken&, const PieceToken&) = default;
};

/// Buffers that a model reuses from piece to piece, so that nothing is allocated in steady state.
struct Scratch;

class Model {
 public:
  virtual ~Model() = default;

  /// Appends the tokens of `piece` (valid UTF-8, not empty) to `out`, in order. Never throws on any text.
  virtual void tokenize(std::string_view piece, Scratch& scratch, std::vector<PieceToken>& out) const = 0;

  virtual std::optional<std::int32_t> id_of(std::string_view token) const = 0;
  virtual std::optional<std::string_view> token_of(std::int32_t id) const = 0;
  virtual std::size_t vocabulary_size() const = 0;
  /// One more than the largest id.
  virtual std::size_t id_bound() const = 0;
};

}  // namespace tastevin::tokenizer
