#pragma once

// What every encoding must hold whatever the tokenizer, and the folder that its files lie in.

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/utf8.h"
#include "classify/tokenizer/tokenizer.h"
#include "support/temporary_folder.h"
#include "tastevin/error.h"

namespace tastevin::fuzz {

inline void require(bool holds) {
  if (!holds) std::abort();
}

inline void check_offsets(const Encoding& encoding, const Text& text) {
  const auto length = [](std::string_view part) { return utf8::count(utf8::repaired(part)); };
  const std::size_t longest = std::max(length(text.text), text.pair ? length(*text.pair) : 0);
  for (const Span& span : encoding.offsets) require(span.begin <= span.end && span.end <= longest);
}

/// Encodes both ways and aborts when the answer contradicts itself.
inline void check_encoding(const tokenizer::Tokenizer& tokenizer, const Text& text, tokenizer::EncodeOptions options) {
  options.offsets = false;
  const Encoding bare = tokenizer.encode(text, options);
  options.offsets = true;
  const Encoding encoding = tokenizer.encode(text, options);

  require(bare.ids == encoding.ids && bare.type_ids == encoding.type_ids && bare.special == encoding.special);
  require(bare.offsets.empty() && encoding.offsets.size() == encoding.ids.size());
  require(encoding.type_ids.size() == encoding.ids.size() && encoding.special.size() == encoding.ids.size());
  for (const std::int32_t id : encoding.ids) require(id >= 0 && static_cast<std::size_t>(id) < tokenizer.id_bound());
  require(options.max_length == 0 || encoding.ids.size() <= options.max_length);
  check_offsets(encoding, text);
}

/// Loads the folder and encodes a few texts; files that are refused with an `Error` are fine.
inline void check_folder(const TemporaryFolder& folder) {
  try {
    const auto tokenizer = tokenizer::Tokenizer::load(folder.path());
    for (const std::string_view text : {"", "Hello wörld, it's 42 ▁中文 \u0301😀", "\xFF\xED\xA0\x80<s>[MASK]  a\n"}) {
      check_encoding(tokenizer, {.text = text, .pair = "b"}, {.max_length = 8});
      check_encoding(tokenizer, {.text = text, .pair = {}}, {});
    }
  } catch (const Error&) {
    return;
  }
}

}  // namespace tastevin::fuzz
