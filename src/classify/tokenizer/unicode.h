#pragma once

// Code point properties as the reference tokenizer has them, from the generated tables. Pure functions; any thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "classify/tokenizer/unicode_tables.h"

namespace tastevin::tokenizer::unicode {

using unicode_tables::Flag;

inline const unicode_tables::Record& record(char32_t code_point) {
  constexpr std::size_t kBlock = unicode_tables::kBlock;
  const std::size_t block = unicode_tables::kBlocks[code_point / kBlock];
  return unicode_tables::kRecords[unicode_tables::kPlaces[block * kBlock + code_point % kBlock]];
}

inline bool has(char32_t code_point, std::uint32_t flags) { return (record(code_point).flags & flags) != 0; }

/// The end of the white space that begins at byte `begin` of valid text; `begin` when there is none.
std::size_t end_of_space(std::string_view text, std::size_t begin);
/// The start of the white space that ends before byte `end`, at `floor` or behind; `end` when there is none.
std::size_t start_of_space(std::string_view text, std::size_t end, std::size_t floor);

/// What one code point turns into: a view of the tables, or of `computed` inside.
class Expansion {
 public:
  explicit Expansion(char32_t same) : computed_{same}, length_(1) {}
  explicit Expansion(std::u32string_view table) : table_(table), length_(table.size()) {}
  Expansion(std::array<char32_t, 3> computed, std::size_t length) : computed_(computed), length_(length) {}

  std::u32string_view view() const { return table_.empty() ? std::u32string_view(computed_.data(), length_) : table_; }

 private:
  std::u32string_view table_;
  std::array<char32_t, 3> computed_{};
  std::size_t length_ = 0;
};

Expansion lowercase(char32_t code_point);
Expansion canonical_decomposition(char32_t code_point);
Expansion compatibility_decomposition(char32_t code_point);

/// The primary composite of a pair, or 0.
char32_t composition(char32_t first, char32_t second);

}  // namespace tastevin::tokenizer::unicode
