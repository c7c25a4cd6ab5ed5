#include "classify/tokenizer/double_array.h"

#include <algorithm>
#include <array>
#include <deque>
#include <string>
#include <utility>

#include "tastevin/error.h"

namespace tastevin::tokenizer {
namespace {

constexpr std::size_t kBlock = 256;
constexpr std::size_t kMaxUnits = std::size_t{1} << 28U;
constexpr std::size_t kSmallRange = 32;  // below it, insertion sort beats 256 counters
constexpr std::size_t kTries = 64;

}  // namespace

/// Places the nodes breadth first, so that the upper levels, which every text visits, lie together.
class DoubleArray::Builder {
 public:
  explicit Builder(std::span<const Key> keys) : keys_(keys), order_(keys.size()), sorted_(keys.size()) {
    for (std::size_t i = 0; i < keys.size(); ++i) order_[i] = static_cast<std::uint32_t>(i);
    add_block();
    free_.clear();  // units 0 to 255 belong to the leaves
  }

  std::uint64_t build() {
    pending_.push_back({kRoot, 0, order_.size(), 0});
    while (!pending_.empty()) {
      const Node node = pending_.front();
      pending_.pop_front();
      expand(node);
    }
    return root_;
  }

  std::vector<std::uint64_t> take_units() { return std::move(units_); }

 private:
  static constexpr std::size_t kRoot = SIZE_MAX;

  /// The keys order_[begin, end) share their first `depth` bytes; `unit` is where their node lies.
  struct Node {
    std::size_t unit, begin, end, depth;
  };

  std::uint64_t& unit_at(std::size_t unit) { return unit == kRoot ? root_ : units_[unit]; }
  const Key& key(std::size_t position) const { return keys_[order_[position]]; }
  std::uint8_t byte_of(std::size_t position, std::size_t depth) const {
    return static_cast<std::uint8_t>(key(position).bytes[depth]);
  }

  void set_value(std::size_t unit, std::uint32_t value) { unit_at(unit) |= (std::uint64_t{value} + 1) << kLabelBits; }
  void set_offset(std::size_t unit, std::size_t offset) {
    unit_at(unit) |= std::uint64_t{offset} << (kLabelBits + kValueBits);
  }

  void expand(Node node) {
    node.begin = take_value(node);
    if (node.end - node.begin <= 1) {
      if (node.begin != node.end) add_tail(node);
      return;
    }
    sort_by_byte(node);
    add_children(node);
  }

  void add_children(const Node& node) {
    std::array<std::uint8_t, kBlock> labels;
    std::array<std::size_t, kBlock + 1> starts;
    std::size_t count = 0;
    for (std::size_t i = node.begin; i < node.end; ++i) {
      const std::uint8_t byte = byte_of(i, node.depth);
      if (count > 0 && labels[count - 1] == byte) continue;
      labels[count] = byte;
      starts[count++] = i;
    }
    starts[count] = node.end;
    const std::size_t offset = place({labels.data(), count});
    set_offset(node.unit, offset);
    for (std::size_t i = 0; i < count; ++i) {
      pending_.push_back({offset ^ labels[i], starts[i], starts[i + 1], node.depth + 1});
    }
  }

  /// One key is left: its remaining bytes are a chain.
  void add_tail(const Node& node) {
    std::size_t unit = node.unit;
    for (const char c : key(node.begin).bytes.substr(node.depth)) {
      const auto label = static_cast<std::uint8_t>(c);
      const std::size_t offset = place({&label, 1});
      set_offset(unit, offset);
      unit = offset ^ label;
    }
    set_value(unit, key(node.begin).value);
  }

  /// Moves the keys that end here to the front, keeps the last one's value, returns where the others begin.
  std::size_t take_value(const Node& node) {
    const auto ends_here = [&](std::uint32_t index) { return keys_[index].bytes.size() == node.depth; };
    const auto begin = order_.begin() + static_cast<std::ptrdiff_t>(node.begin);
    const auto end = order_.begin() + static_cast<std::ptrdiff_t>(node.end);
    if (std::none_of(begin, end, ends_here)) return node.begin;
    const auto rest = std::stable_partition(begin, end, ends_here);
    set_value(node.unit, keys_[*(rest - 1)].value);
    return static_cast<std::size_t>(rest - order_.begin());
  }

  /// Stable, so that the last of equal keys stays the last.
  void sort_by_byte(const Node& node) {
    const auto begin = order_.begin() + static_cast<std::ptrdiff_t>(node.begin);
    const std::size_t count = node.end - node.begin;
    if (count <= kSmallRange) {
      const auto byte = [&](std::uint32_t index) { return static_cast<std::uint8_t>(keys_[index].bytes[node.depth]); };
      for (auto i = begin; i != begin + static_cast<std::ptrdiff_t>(count); ++i) {
        std::rotate(std::upper_bound(begin, i, *i, [&](auto a, auto b) { return byte(a) < byte(b); }), i, i + 1);
      }
      return;
    }
    std::array<std::size_t, kBlock + 1> next{};
    for (std::size_t i = node.begin; i < node.end; ++i) ++next[byte_of(i, node.depth) + std::size_t{1}];
    for (std::size_t i = 1; i <= kBlock; ++i) next[i] += next[i - 1];
    for (std::size_t i = node.begin; i < node.end; ++i) sorted_[next[byte_of(i, node.depth)]++] = order_[i];
    std::copy_n(sorted_.begin(), count, begin);
  }

  /// Finds an unused offset whose units for all `labels` are free, and takes them.
  std::size_t place(std::span<const std::uint8_t> labels) {
    std::size_t tries = 0;
    for (std::size_t i = free_.size(); i-- > 0 && tries < kTries;) {
      if (units_[free_[i]] != 0) {
        free_.erase(free_.begin() + static_cast<std::ptrdiff_t>(i));
        continue;
      }
      const std::size_t offset = free_[i] ^ labels[0];
      if (fits(offset, labels)) return take(offset, labels);
      ++tries;
    }
    const std::size_t block = units_.size();
    add_block();
    return take(block, labels);
  }

  bool fits(std::size_t offset, std::span<const std::uint8_t> labels) const {
    return !used_offset_[offset] &&
           std::ranges::all_of(labels, [&](std::uint8_t label) { return units_[offset ^ label] == 0; });
  }

  std::size_t take(std::size_t offset, std::span<const std::uint8_t> labels) {
    used_offset_[offset] = true;
    for (const std::uint8_t label : labels) units_[offset ^ label] = std::uint64_t{label} + 1;
    return offset;
  }

  void add_block() {
    const std::size_t begin = units_.size();
    if (begin + kBlock > kMaxUnits) throw Error(ErrorCode::too_large, "trie: the keys need more than 2^28 nodes");
    units_.resize(begin + kBlock);
    used_offset_.resize(begin + kBlock);
    // Nearly full blocks are given up: looking through them would cost more than the space they have left.
    if (free_.size() > kBlock * 4) free_.erase(free_.begin(), free_.begin() + kBlock);
    for (std::size_t i = kBlock; i-- > 0;) free_.push_back(static_cast<std::uint32_t>(begin + i));
  }

  std::span<const Key> keys_;
  std::vector<std::uint32_t> order_, sorted_;
  std::deque<Node> pending_;
  std::vector<std::uint64_t> units_;
  std::vector<bool> used_offset_;
  std::vector<std::uint32_t> free_;
  std::uint64_t root_ = 0;
};

DoubleArray::DoubleArray(std::span<const Key> keys) {
  for (const Key& key : keys) {
    if (key.value > kMaxValue)
      throw Error(ErrorCode::too_large, "trie: value " + std::to_string(key.value) + " exceeds 2^27 - 2");
  }
  Builder builder(keys);
  root_ = builder.build();
  units_ = builder.take_units();
}

std::optional<std::uint32_t> DoubleArray::find(std::string_view key) const {
  std::uint64_t unit = root_;
  for (const char byte : key) {
    unit = child(unit, static_cast<std::uint8_t>(byte));
    if (unit == 0) return std::nullopt;
  }
  return has_value(unit) ? std::optional(value_of(unit)) : std::nullopt;
}

}  // namespace tastevin::tokenizer
