#pragma once

// The last step: special tokens around the text, type ids, and offsets without blanks. All post-processors of
// tokenizer.json come down to two templates, one for a text and one for a pair, and to what is trimmed before them.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "flow/flow.h"

namespace tastevin::tokenizer {

struct TemplatePart {
  enum class Kind : std::uint8_t { special, first, second };

  Kind kind = Kind::special;
  std::int32_t id = 0;  // of the special token
  std::uint8_t type_id = 0;
};

/// What becomes of blanks at the ends of a token's offsets.
enum class OffsetTrim : std::uint8_t {
  all,                ///< they go
  all_but_the_added,  ///< so do they, but one at the start of the text, which the pre-tokenizer put there
};

/// Blanks that a token begins and ends with, in code points.
struct Blanks {
  std::uint32_t leading = 0;
  std::uint32_t trailing = 0;
};

struct PostProcessor {
  std::vector<TemplatePart> single{{TemplatePart::Kind::first, 0, 0}};
  std::vector<TemplatePart> pair{{TemplatePart::Kind::first, 0, 0}, {TemplatePart::Kind::second, 0, 1}};
  std::vector<OffsetTrim> trims;  // one after another
};

/// Special tokens that a template adds.
std::size_t special_tokens(std::span<const TemplatePart> parts);

/// Trims the offsets of the tokens of one text, whose blanks are counted in `blanks`.
void trim_offsets(OffsetTrim trim, std::span<const Blanks> blanks, std::span<Span> offsets);

}  // namespace tastevin::tokenizer
