#pragma once

// The tokens "<0x00>" to "<0xFF>", in which SentencePiece-like vocabularies spell a character that they lack.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/hex.h"

namespace tastevin::tokenizer {

/// The id of each byte's token by `find(token)`, which answers -1 for a token that is not there.
template <class Find>
std::array<std::int32_t, 256> byte_token_ids(Find&& find) {
  std::array<std::int32_t, 256> ids{};
  for (std::size_t byte = 0; byte < ids.size(); ++byte) {
    ids[byte] = find("<0x" + hex::of(static_cast<unsigned char>(byte), hex::kCapitals) + ">");
  }
  return ids;
}

}  // namespace tastevin::tokenizer
