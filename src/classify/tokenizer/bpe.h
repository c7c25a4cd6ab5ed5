#pragma once

// Byte pair encoding: a piece begins as one symbol a character, and the pair of neighbours of the lowest rank merges
// until none is left. O(n log n) in the piece; short pieces that came lately are answered from the cache.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "classify/tokenizer/merge_table.h"
#include "classify/tokenizer/model.h"
#include "classify/tokenizer/model_scratch.h"
#include "classify/tokenizer/vocabulary.h"

namespace tastevin::tokenizer {

/// What the pieces are made of.
enum class BpePieces : std::uint8_t {
  characters,  ///< text; after a byte-level pre-tokenizer, its stand-in characters
  raw_bytes,   ///< the bytes that a byte-level pre-tokenizer would have spelled out as stand-ins; spans count them
};

struct BpeOptions {
  std::optional<std::string> unk_token;
  std::string continuing_subword_prefix;
  std::string end_of_word_suffix;
  bool fuse_unk = false;
  bool byte_fallback = false;
  bool ignore_merges = false;
  BpePieces pieces = BpePieces::characters;
};

class Bpe final : public Model {
 public:
  /// The rank of a rule is its place. Throws `Error{bad_checkpoint}` when a rule names or makes a token that the
  /// vocabulary lacks, when the unknown token is not there although some byte has no stand-in character, and when raw
  /// bytes are asked for but cannot be read.
  Bpe(Vocabulary vocabulary, std::span<const MergeRule> rules, BpeOptions options);

  /// Whether `BpePieces::raw_bytes` is possible: all 256 stand-in characters are tokens and no affix changes them.
  static bool can_read_raw_bytes(const Vocabulary& vocabulary, const BpeOptions& options);

  /// An unknown character gives no token when there is no unknown token, as in the reference.
  void tokenize(std::string_view piece, Scratch& scratch, std::vector<PieceToken>& out) const override;

  std::optional<std::int32_t> id_of(std::string_view token) const override { return vocabulary_.id_of(token); }
  std::optional<std::string_view> token_of(std::int32_t id) const override { return vocabulary_.token_of(id); }
  std::size_t vocabulary_size() const override { return vocabulary_.size(); }
  std::size_t id_bound() const override { return vocabulary_.id_bound(); }

 private:
  using Symbols = std::vector<BpeScratch::Symbol>;
  class UnknownRun;

  void index_first_symbols();
  void index_whole_tokens();
  void find_unknown();

  void split(std::string_view piece, BpeScratch& scratch) const;
  void split_raw_bytes(std::string_view piece, Symbols& symbols) const;
  void split_characters(std::string_view piece, BpeScratch& scratch) const;
  std::int32_t spell(std::string_view piece, std::size_t begin, std::size_t end, std::string& spelling) const;
  bool fall_back_to_bytes(std::string_view spelling, Symbols& symbols) const;
  void merge(BpeScratch& scratch) const;

  Vocabulary vocabulary_;
  Vocabulary whole_;  // with ignore_merges and raw bytes: the tokens by their bytes
  BpeOptions options_;
  MergeTable merges_;
  std::int32_t unknown_ = -1;
  std::array<std::int32_t, 256> byte_id_{};  // of "<0xNN>", or -1
  std::vector<std::int32_t> first_id_;       // by byte, or by code point below 2048: the first symbol, or -1
  bool order_is_plain_ = true;               // whether each token has one string: see MergeTable::merge_queued
  std::uint64_t owner_;
};

}  // namespace tastevin::tokenizer
