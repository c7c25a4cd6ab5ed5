#pragma once

// The unigram model: of all ways to cut a piece into tokens, the one whose scores add up highest (Viterbi). Linear in
// the piece times the longest token; short pieces that came lately are answered from the cache.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "classify/tokenizer/double_array.h"
#include "classify/tokenizer/model.h"
#include "classify/tokenizer/model_scratch.h"

namespace tastevin::tokenizer {

struct ScoredToken {
  std::string_view token;
  double score = 0;
};

struct UnigramOptions {
  std::optional<std::int32_t> unk_id;
  bool byte_fallback = false;
};

class Unigram final : public Model {
 public:
  /// The id of a token is its place; of equal tokens the last is found. Throws `Error{bad_checkpoint}` when the unknown
  /// id is not a place or a score is not a number.
  Unigram(std::span<const ScoredToken> tokens, const UnigramOptions& options);

  /// Neighbouring unknown characters become one unknown token, or their bytes' tokens, each with the span of them all.
  /// Without an unknown id they give no token (the reference gives an error).
  void tokenize(std::string_view piece, Scratch& scratch, std::vector<PieceToken>& out) const override;

  std::optional<std::int32_t> id_of(std::string_view token) const override;
  std::optional<std::string_view> token_of(std::int32_t id) const override;
  std::size_t vocabulary_size() const override { return scores_.size(); }
  std::size_t id_bound() const override { return scores_.size(); }

 private:
  using Node = UnigramScratch::Node;

  void find_best_ways(std::string_view piece, std::vector<Node>& nodes) const;
  void read_back(std::string_view piece, std::span<const Node> nodes, std::vector<PieceToken>& out) const;
  void add_unknown(std::string_view text, PieceToken token, std::vector<PieceToken>& out) const;

  std::string text_;                 // the tokens, one after another
  std::vector<std::size_t> starts_;  // by id, and the end
  std::vector<double> scores_;       // by id
  DoubleArray trie_;
  std::array<std::int32_t, 256> byte_id_{};  // of "<0xNN>", or -1
  UnigramOptions options_;
  double unknown_score_ = 0;
  std::uint64_t owner_;
};

}  // namespace tastevin::tokenizer
