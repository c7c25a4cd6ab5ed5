#pragma once

// The merge rules of a BPE model and the ways of applying them to a row of symbols. Immutable, safe from many
// threads.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "classify/tokenizer/model_scratch.h"
#include "classify/tokenizer/vocabulary.h"

namespace tastevin::tokenizer {

struct MergeRule {
  std::string_view left, right;
};

/// Reads "left right"; nothing unless there is exactly one blank.
std::optional<MergeRule> parse_merge_rule(std::string_view line);

class MergeTable {
 public:
  /// The row length up to which `merge_short` is the faster way.
  static constexpr std::size_t kShort = 40;

  MergeTable() = default;
  /// The rank of a rule is its place; of rules for the same pair the last holds. The right token's first `prefix` bytes
  /// vanish in the merged token. Throws `Error{bad_checkpoint}` when a rule names or makes a token that is not there.
  MergeTable(const Vocabulary& vocabulary, std::span<const MergeRule> rules, std::size_t prefix);

  /// Merges the leftmost pair of the lowest rank until there is none. At most `kShort` symbols; quadratic.
  void merge_short(std::vector<BpeScratch::Symbol>& symbols) const;
  /// The same in O(n log n).
  void merge_long(BpeScratch& scratch) const;
  /// The reference's way, a queue whose outdated offers may come true again: when several rules make the same token
  /// from different parts, which takes an affix, an empty token or a shared id, the order of merges is another. Slower.
  void merge_queued(BpeScratch& scratch) const;

 private:
  struct Merge {
    std::uint32_t rank = kNone;
    std::int32_t id = 0;
  };
  struct Slot {
    std::uint64_t pair = kFree;
    Merge merge;
  };
  static constexpr std::uint32_t kNone = UINT32_MAX;
  static constexpr std::uint64_t kFree = UINT64_MAX;

  class Row;
  class Tournament;
  class Queue;

  std::size_t slot_of(std::uint64_t pair) const noexcept;
  Merge find(std::int32_t left, std::int32_t right) const noexcept;

  std::vector<Slot> slots_{1};           // open addressing
  std::vector<std::int32_t> merged_id_;  // by rank
};

}  // namespace tastevin::tokenizer
