#pragma once

// Text whose bytes are spelled by their stand-in characters, with its alignment.

#include <cstddef>

#include "classify/tokenizer/aligned_text.h"

namespace tastevin::tokenizer {

/// Appends bytes begin..end of `from`, each as its stand-in.
void spell_bytes(const AlignedText& from, std::size_t begin, std::size_t end, AlignedText& to);

}  // namespace tastevin::tokenizer
