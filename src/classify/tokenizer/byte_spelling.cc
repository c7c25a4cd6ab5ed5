#include "classify/tokenizer/byte_spelling.h"

#include "classify/tokenizer/byte_level_scan.h"

namespace tastevin::tokenizer {

void spell_bytes(const AlignedText& from, std::size_t begin, std::size_t end, AlignedText& to) {
  const bool tracked = from.alignment == Alignment::tracked;
  for (std::size_t at = begin; at < end; ++at) {
    to.append(byte_level::stand_in(static_cast<std::uint8_t>(from.text[at])), tracked ? from.sources[at] : Span{});
  }
}

}  // namespace tastevin::tokenizer
