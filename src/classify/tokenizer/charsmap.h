#pragma once

// SentencePiece's `precompiled_charsmap`, a trie of byte strings with their replacements, applied as the reference
// tokenizer does, which is not as SentencePiece does: a user-perceived character of under 6 bytes is replaced whole by
// the replacement of its *shortest* prefix in the map, else each of its code points is replaced alone. Immutable; safe
// from many threads.
//
// Layout: | trie size in bytes, u32 | trie units, u32 each (darts-clone) | replacements, each ended by NUL |, little
// endian.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/utf8.h"
#include "classify/tokenizer/grapheme.h"

namespace tastevin::tokenizer {

class Charsmap {
 public:
  /// Throws `Error{bad_checkpoint}` naming `where` when the text is not base64 or the map is cut short or not UTF-8.
  static Charsmap from_base64(std::string_view text, const std::string& where);
  static Charsmap from_bytes(std::string_view bytes, const std::string& where);

  /// What `chunk` becomes, or nothing. A damaged trie matches nothing where the reference would fail.
  std::optional<std::string_view> replacement(std::string_view chunk) const;

  /// Calls `sink(part, replacement)` for each part of `text`, in order; a part that stays as it is, is its own
  /// replacement. Returns whether anything was replaced.
  template <class Sink>
  bool apply(std::string_view text, Sink&& sink) const;

 private:
  static constexpr std::size_t kWholeLimit = 6;  // bytes from which a user-perceived character is replaced in parts

  template <class Sink>
  bool apply_whole(std::string_view cluster, Sink& sink) const;
  template <class Sink>
  bool apply_parts(std::string_view cluster, Sink& sink) const;

  /// Whether the character at `at` stands alone (ASCII before ASCII, but not CR before LF) and is not in the map.
  bool is_plain(std::string_view text, std::size_t at) const {
    const auto byte = static_cast<std::uint8_t>(text[at]);
    if (byte >= plain_.size() || !plain_[byte]) return false;
    return at + 1 == text.size() || static_cast<std::uint8_t>(text[at + 1]) < plain_.size();
  }

  std::vector<std::uint32_t> units_;
  std::string replacements_;
  std::array<bool, 128> plain_{};  // ASCII that nothing replaces; CR is not
};

template <class Sink>
bool Charsmap::apply(std::string_view text, Sink&& sink) const {
  bool replaced = false;
  for (std::size_t at = 0; at < text.size();) {
    if (is_plain(text, at)) {
      std::size_t end = at + 1;
      while (end < text.size() && is_plain(text, end)) ++end;
      sink(text.substr(at, end - at), text.substr(at, end - at));
      at = end;
      continue;
    }
    const std::size_t end = end_of_grapheme(text, at);
    const std::string_view cluster = text.substr(at, end - at);
    replaced |= (cluster.size() < kWholeLimit && apply_whole(cluster, sink)) || apply_parts(cluster, sink);
    at = end;
  }
  return replaced;
}

template <class Sink>
bool Charsmap::apply_whole(std::string_view cluster, Sink& sink) const {
  const auto found = replacement(cluster);
  if (found) sink(cluster, *found);
  return found.has_value();
}

template <class Sink>
bool Charsmap::apply_parts(std::string_view cluster, Sink& sink) const {
  bool replaced = false;
  for (std::size_t at = 0; at < cluster.size();) {
    const std::string_view part = cluster.substr(at, utf8::decode(cluster, at).length);
    if (apply_whole(part, sink)) {
      replaced = true;
    } else {
      sink(part, part);
    }
    at += part.size();
  }
  return replaced;
}

}  // namespace tastevin::tokenizer
