#include "classify/tokenizer/piece_cache.h"

#include <algorithm>
#include <atomic>
#include <cassert>

#include "classify/tokenizer/hash.h"

namespace tastevin::tokenizer {

std::uint64_t PieceCache::new_owner() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

void PieceCache::serve(std::uint64_t owner) {
  if (owner_ == owner) return;
  entries_.assign(kEntries, Entry{});
  owner_ = owner;
}

PieceCache::Words PieceCache::words_of(std::string_view piece) {
  Words words{};
  for (std::size_t i = 0; i * 8 < piece.size(); ++i)
    words[i] = load_up_to_8(piece.data() + i * 8, piece.size() - i * 8);
  return words;
}

std::size_t PieceCache::place_of(const Words& words, std::size_t length) {
  return mix(words[0] ^ length, words[1] ^ words[2] * 3) % kEntries;
}

bool PieceCache::replay(std::string_view piece, std::vector<PieceToken>& out) const {
  if (piece.size() > kMaxBytes) return false;
  const Words words = words_of(piece);
  const Entry& entry = entries_[place_of(words, piece.size())];
  if (entry.length != piece.size() || entry.words != words) return false;
  for (std::size_t i = 0; i < entry.count; ++i) out.push_back({entry.ids[i], entry.begins[i], entry.ends[i]});
  return true;
}

void PieceCache::remember(std::string_view piece, std::span<const PieceToken> tokens) {
  if (piece.empty() || piece.size() > kMaxBytes || tokens.size() > kMaxTokens) return;
  assert(std::ranges::all_of(tokens, [&](const PieceToken& token) { return token.end <= piece.size(); }));
  const Words words = words_of(piece);
  Entry& entry = entries_[place_of(words, piece.size())];
  entry.words = words;
  entry.length = static_cast<std::uint8_t>(piece.size());
  entry.count = static_cast<std::uint8_t>(tokens.size());
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    entry.ids[i] = tokens[i].id;
    entry.begins[i] = static_cast<std::uint8_t>(tokens[i].begin);
    entry.ends[i] = static_cast<std::uint8_t>(tokens[i].end);
  }
}

}  // namespace tastevin::tokenizer
