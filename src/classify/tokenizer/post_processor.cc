#include "classify/tokenizer/post_processor.h"

#include <algorithm>

namespace tastevin::tokenizer {

std::size_t special_tokens(std::span<const TemplatePart> parts) {
  return static_cast<std::size_t>(std::ranges::count(parts, TemplatePart::Kind::special, &TemplatePart::kind));
}

void trim_offsets(OffsetTrim trim, std::span<const Blanks> blanks, std::span<Span> offsets) {
  for (std::size_t index = 0; index < offsets.size(); ++index) {
    auto [leading, trailing] = blanks[index];
    Span& span = offsets[index];
    const bool starts = index == 0 || span.begin == 0;
    if (starts && trim == OffsetTrim::all_but_the_added && leading == 1) leading = 0;
    span.begin = leading > 0 ? std::min(span.begin + leading, span.end) : span.begin;
    if (trailing > 0 && span.end >= trailing) span.end = std::max(span.end - trailing, span.begin);
  }
}

}  // namespace tastevin::tokenizer
