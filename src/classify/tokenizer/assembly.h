#pragma once

// From the tokens of one or two texts to the encoding that the model reads: what stays of them, and the template.

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "classify/tokenizer/post_processor.h"
#include "classify/tokenizer/scratch.h"
#include "classify/tokenizer/tokenizer.h"

namespace tastevin::tokenizer {

/// Tokens begin..end of a text.
struct TokenRange {
  std::size_t begin = 0;
  std::size_t end = 0;

  std::size_t size() const { return end - begin; }
};

/// One or two texts; the second is empty when there is none.
using TokenPair = std::array<const Tokens*, 2>;
using Kept = std::array<TokenRange, 2>;

/// Which tokens stay when `special` more come on top. Throws as `Tokenizer::encode` does.
Kept truncate(const TokenPair& tokens, std::size_t special, const EncodeOptions& options);

/// What stays in each window. Throws as `Tokenizer::encode_windows` does.
std::vector<Kept> windows(const TokenPair& tokens, std::size_t special, std::size_t stride,
                          const EncodeOptions& options);

/// How the tokens of the texts become an encoding.
struct Recipe {
  std::span<const TemplatePart> parts;
  std::span<const OffsetTrim> trims;
};

/// Fills `out`, whose buffers it reuses.
void assemble(const Recipe& recipe, const TokenPair& tokens, const Kept& kept, const EncodeOptions& options,
              Encoding& out);

}  // namespace tastevin::tokenizer
