#pragma once

// A static trie over bytes: which keys begin a text, and what each is worth. Built once, immutable after, safe from
// many threads. A step costs one load of 8 bytes, whatever the number of keys.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace tastevin::tokenizer {

class DoubleArray {
 public:
  struct Key {
    std::string_view bytes;
    std::uint32_t value = 0;
  };

  static constexpr std::uint32_t kMaxValue = (std::uint32_t{1} << 27U) - 2;

  DoubleArray() : DoubleArray(std::span<const Key>{}) {}
  /// Of equal keys the last wins. Empty keys are legal for `find` and never begin a text.
  /// Throws `Error{too_large}` when a value exceeds `kMaxValue` or the trie its index space.
  explicit DoubleArray(std::span<const Key> keys);

  /// The value of exactly `key`.
  std::optional<std::uint32_t> find(std::string_view key) const;

  /// Calls `visit(length, value)` for each key that begins `text`, shortest first.
  template <class Visit>
  void each_prefix(std::string_view text, Visit&& visit) const {
    std::uint64_t unit = root_;
    for (std::size_t at = 0; at < text.size(); ++at) {
      unit = child(unit, static_cast<std::uint8_t>(text[at]));
      if (unit == 0) return;
      if (has_value(unit)) visit(at + 1, value_of(unit));
    }
  }

 private:
  // unit: | offset of the children 28 bits | value + 1 27 bits | label + 1 9 bits |
  // The child of a node by byte b is the unit at (node's offset ^ b), if that unit's label is b. Offsets are unique
  // among inner nodes, so the label alone tells whose child it is. Offset 0 is that of leaves: units 0 to 255 stay
  // free.
  static constexpr unsigned kLabelBits = 9;
  static constexpr unsigned kValueBits = 27;
  static constexpr std::uint64_t kLabelMask = (std::uint64_t{1} << kLabelBits) - 1;
  static constexpr std::uint64_t kValueMask = (std::uint64_t{1} << kValueBits) - 1;

  class Builder;

  static bool has_value(std::uint64_t unit) { return (unit >> kLabelBits & kValueMask) != 0; }
  static std::uint32_t value_of(std::uint64_t unit) {
    return static_cast<std::uint32_t>((unit >> kLabelBits & kValueMask) - 1);
  }
  /// The child's unit, or 0.
  std::uint64_t child(std::uint64_t unit, std::uint8_t byte) const {
    const std::uint64_t found = units_[(unit >> (kLabelBits + kValueBits)) ^ byte];
    return (found & kLabelMask) == std::uint64_t{byte} + 1 ? found : 0;
  }

  std::vector<std::uint64_t> units_;
  std::uint64_t root_ = 0;
};

}  // namespace tastevin::tokenizer
