#pragma once

// The tokens "<0x00>" to "<0xFF>", in which SentencePiece-like vocabularies spell a character that they lack.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tastevin::tokenizer {

/// The id of each byte's token by `find(token)`, which answers -1 for a token that is not there.
template <class Find>
std::array<std::int32_t, 256> byte_token_ids(Find&& find) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::array<std::int32_t, 256> ids{};
  for (std::size_t byte = 0; byte < ids.size(); ++byte) {
    const char token[] = {'<', '0', 'x', kDigits[byte / 16], kDigits[byte % 16], '>'};
    ids[byte] = find(std::string_view(token, sizeof token));
  }
  return ids;
}

}  // namespace tastevin::tokenizer
