#include "classify/tokenizer/byte_spelling.h"

#include "classify/tokenizer/byte_level_scan.h"

namespace tastevin::tokenizer {

void spell_bytes(const AlignedText& from, std::size_t begin, std::size_t end, AlignedText& to) {
  for (std::size_t at = begin; at < end; ++at) {
    to.append(byte_level::stand_in(static_cast<std::uint8_t>(from.text[at])), from.source_at(at));
  }
}

}  // namespace tastevin::tokenizer
