#include "classify/tokenizer/merge_table.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <functional>
#include <string>

#include "base/error.h"
#include "classify/tokenizer/hash.h"

namespace tastevin::tokenizer {
namespace {

using Symbol = BpeScratch::Symbol;

constexpr std::uint32_t kEnd = UINT32_MAX;  // no neighbour

std::uint64_t pair_of(std::int32_t left, std::int32_t right) {
  return std::uint64_t{static_cast<std::uint32_t>(left)} << 32U | static_cast<std::uint32_t>(right);
}

std::int32_t require(const Vocabulary& vocabulary, std::string_view token, std::size_t rank) {
  const std::int32_t id = vocabulary.find(token);
  if (id < 0) {
    throw Error(ErrorCode::bad_checkpoint, "BPE: merge " + std::to_string(rank) + " needs the token " +
                                               in_quotes(token) + ", which the vocabulary lacks");
  }
  return id;
}

}  // namespace

std::optional<MergeRule> parse_merge_rule(std::string_view line) {
  const std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos || line.find(' ', blank + 1) != std::string_view::npos) return std::nullopt;
  return MergeRule{line.substr(0, blank), line.substr(blank + 1)};
}

MergeTable::MergeTable(const Vocabulary& vocabulary, std::span<const MergeRule> rules, std::size_t prefix)
    : slots_(std::bit_ceil(rules.size() * 2 + 2)), merged_id_(rules.size()) {
  if (rules.size() >= kNone) throw Error(ErrorCode::too_large, "BPE: 2^32 merges or more");
  std::string merged;
  for (std::size_t rank = 0; rank < rules.size(); ++rank) {
    const auto& [left, right] = rules[rank];
    const std::uint64_t pair = pair_of(require(vocabulary, left, rank), require(vocabulary, right, rank));
    if (right.size() < prefix) {
      throw Error(ErrorCode::bad_checkpoint, "BPE: merge " + std::to_string(rank) + ": " + in_quotes(right) +
                                                 " is shorter than the continuing subword prefix");
    }
    merged.assign(left).append(right.substr(prefix));
    merged_id_[rank] = require(vocabulary, merged, rank);
    slots_[slot_of(pair)] = {pair, {static_cast<std::uint32_t>(rank), merged_id_[rank]}};
  }
}

/// Where `pair` is, or the free slot where it belongs. Half of the slots are free at least, so the walk ends.
std::size_t MergeTable::slot_of(std::uint64_t pair) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = mix(pair, pair) & mask;
  while (slots_[at].pair != pair && slots_[at].pair != kFree) at = (at + 1) & mask;
  return at;
}

MergeTable::Merge MergeTable::find(std::int32_t left, std::int32_t right) const noexcept {
  return slots_[slot_of(pair_of(left, right))].merge;
}

void MergeTable::merge_short(std::vector<Symbol>& symbols) const {
  assert(symbols.size() <= kShort);
  std::array<Merge, kShort> merges;  // merges[i] joins symbols i and i + 1
  std::size_t pairs = symbols.empty() ? 0 : symbols.size() - 1;
  for (std::size_t i = 0; i < pairs; ++i) merges[i] = find(symbols[i].id, symbols[i + 1].id);
  while (pairs > 0) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < pairs; ++i) best = merges[i].rank < merges[best].rank ? i : best;
    if (merges[best].rank == kNone) return;
    symbols[best].id = merges[best].id;
    symbols[best].length += symbols[best + 1].length;
    symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(best) + 1);
    std::copy(merges.begin() + static_cast<std::ptrdiff_t>(best) + 1,
              merges.begin() + static_cast<std::ptrdiff_t>(pairs), merges.begin() + static_cast<std::ptrdiff_t>(best));
    --pairs;
    if (best < pairs) merges[best] = find(symbols[best].id, symbols[best + 1].id);
    if (best > 0) merges[best - 1] = find(symbols[best - 1].id, symbols[best].id);
  }
}

/// The symbols as a linked list.
class MergeTable::Row {
 public:
  Row(const MergeTable& table, std::vector<Symbol>& symbols) : table_(table), symbols_(symbols) {
    const auto count = static_cast<std::uint32_t>(symbols.size());
    for (std::uint32_t i = 0; i < count; ++i) {
      symbols[i].previous = i == 0 ? kEnd : i - 1;
      symbols[i].next = i + 1 == count ? kEnd : i + 1;
    }
  }
  ~Row() {
    std::erase_if(symbols_, [](const Symbol& symbol) { return symbol.length == 0; });
  }
  Row(const Row&) = delete;
  Row& operator=(const Row&) = delete;

  const Symbol& operator[](std::uint32_t at) const { return symbols_[at]; }

  /// The merge of the symbol at `at`, if it is still there, with its right neighbour.
  Merge merge_at(std::uint32_t at) const {
    const Symbol& symbol = symbols_[at];
    return symbol.length == 0 || symbol.next == kEnd ? Merge{} : table_.find(symbol.id, symbols_[symbol.next].id);
  }

  /// Makes the symbol at `at` and its right neighbour one.
  void join(std::uint32_t at, std::int32_t id) {
    Symbol& symbol = symbols_[at];
    Symbol& right = symbols_[symbol.next];
    symbol.id = id;
    symbol.length += right.length;
    symbol.next = right.next;
    right.length = 0;
    if (symbol.next != kEnd) symbols_[symbol.next].previous = at;
  }

 private:
  const MergeTable& table_;
  std::vector<Symbol>& symbols_;
};

/// The rank of each symbol's merge to the right, the best of each block of 64, and above the blocks a tree in which the
/// better of two goes up: its root, tree[1], is the next merge.
class MergeTable::Tournament {
 public:
  Tournament(const MergeTable& table, BpeScratch& scratch)
      : table_(table), row_(table, scratch.symbols), ranks_(scratch.ranks), tree_(scratch.queue) {
    const std::size_t blocks = std::bit_ceil(scratch.symbols.size() / kBlock + 1);
    ranks_.assign(blocks * kBlock, kNone);
    tree_.assign(blocks * 2, kNoOffer);
    for (std::size_t i = 0; i < scratch.symbols.size(); ++i)
      ranks_[i] = row_.merge_at(static_cast<std::uint32_t>(i)).rank;
    for (std::size_t block = 0; block < blocks; ++block) tree_[blocks + block] = best_of(block);
    for (std::size_t node = blocks - 1; node > 0; --node) tree_[node] = std::min(tree_[node * 2], tree_[node * 2 + 1]);
  }

  void merge_all() {
    while (tree_[1] != kNoOffer) {
      const auto at = static_cast<std::uint32_t>(tree_[1]);
      const std::uint32_t right = row_[at].next;
      row_.join(at, table_.merged_id_[tree_[1] >> 32U]);
      const std::uint32_t left = row_[at].previous;
      ranks_[right] = kNone;
      ranks_[at] = row_.merge_at(at).rank;
      if (left != kEnd) ranks_[left] = row_.merge_at(left).rank;
      update(at / kBlock);
      if (right / kBlock != at / kBlock) update(right / kBlock);
      if (left != kEnd && left / kBlock != at / kBlock) update(left / kBlock);
    }
  }

 private:
  static constexpr std::size_t kBlock = 64;
  static constexpr std::uint64_t kNoOffer = UINT64_MAX;

  /// rank << 32 | position of the leftmost of the lowest rank.
  std::uint64_t best_of(std::size_t block) const {
    const std::uint32_t* ranks = ranks_.data() + block * kBlock;
    std::uint32_t best = kNone;
    for (std::size_t i = 0; i < kBlock; ++i) best = std::min(best, ranks[i]);
    if (best == kNone) return kNoOffer;
    return std::uint64_t{best} << 32U |
           static_cast<std::uint64_t>(std::find(ranks, ranks + kBlock, best) - ranks_.data());
  }

  void update(std::size_t block) {
    std::size_t node = tree_.size() / 2 + block;
    tree_[node] = best_of(block);
    while (node > 1) {
      node /= 2;
      tree_[node] = std::min(tree_[node * 2], tree_[node * 2 + 1]);
    }
  }

  const MergeTable& table_;
  Row row_;
  std::vector<std::uint32_t>& ranks_;
  std::vector<std::uint64_t>& tree_;
};

/// A heap of the pairs that may merge. An offer is never taken back: when its turn comes, it is checked against what
/// the row has become.
class MergeTable::Queue {
 public:
  Queue(const MergeTable& table, BpeScratch& scratch)
      : table_(table), row_(table, scratch.symbols), offers_(scratch.queue) {
    offers_.clear();
    for (std::size_t i = 0; i < scratch.symbols.size(); ++i) offer(static_cast<std::uint32_t>(i));
  }

  void merge_all() {
    while (!offers_.empty()) {
      std::ranges::pop_heap(offers_, std::greater{});
      const std::uint64_t offer = offers_.back();
      offers_.pop_back();
      try_merge(static_cast<std::uint32_t>(offer), table_.merged_id_[offer >> 32U]);
    }
  }

 private:
  void try_merge(std::uint32_t at, std::int32_t id) {
    const Merge merge = row_.merge_at(at);
    if (merge.rank == kNone || merge.id != id) return;
    row_.join(at, id);
    if (row_[at].previous != kEnd) offer(row_[at].previous);
    offer(at);
  }

  void offer(std::uint32_t at) {
    const Merge merge = row_.merge_at(at);
    if (merge.rank == kNone) return;
    offers_.push_back(std::uint64_t{merge.rank} << 32U | at);
    std::ranges::push_heap(offers_, std::greater{});
  }

  const MergeTable& table_;
  Row row_;
  std::vector<std::uint64_t>& offers_;
};

void MergeTable::merge_long(BpeScratch& scratch) const {
  Tournament(*this, scratch).merge_all();
  give_back_large(scratch.queue);
  give_back_large(scratch.ranks);
}

void MergeTable::merge_queued(BpeScratch& scratch) const {
  Queue(*this, scratch).merge_all();
  give_back_large(scratch.queue);
}

}  // namespace tastevin::tokenizer
