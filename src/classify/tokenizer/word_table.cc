#include "classify/tokenizer/word_table.h"

#include <bit>

namespace tastevin::tokenizer {

WordTable::WordTable(std::size_t words) : slots_(std::bit_ceil(words * 2 + 2)) {}

void WordTable::add(std::string_view word, std::int32_t id) {
  const Key key = key_of(word);
  std::size_t at = position(key);
  while (slots_[at].id >= 0 && slots_[at].key != key) at = (at + 1) & (slots_.size() - 1);
  slots_[at] = {key, id};
}

}  // namespace tastevin::tokenizer
