#include "classify/tokenizer/vocabulary.h"

#include <bit>

#include "base/error.h"
#include "classify/tokenizer/hash.h"

namespace tastevin::tokenizer {
namespace {

std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32U); }

}  // namespace

void Vocabulary::reserve(std::size_t tokens, std::size_t bytes) {
  text_.reserve(bytes);
  tokens_.reserve(tokens);
  index_of_id_.reserve(tokens);
  if (tokens * 2 > slots_.size()) rehash(std::bit_ceil(tokens * 2));
}

void Vocabulary::add(std::string_view token, std::int32_t id) {
  if (id < 0 || id > kMaxId) {
    throw Error(ErrorCode::bad_checkpoint, "vocabulary: token " + in_quotes(token) + " has the id " +
                                               std::to_string(id) + ", outside 0 to " + std::to_string(kMaxId));
  }
  if (token.size() > UINT32_MAX - text_.size())
    throw Error(ErrorCode::too_large, "vocabulary: more than 4 GiB of tokens");
  const auto index = static_cast<std::uint32_t>(tokens_.size());
  tokens_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(token.size()), id});
  text_.append(token);
  if (tokens_.size() * 2 > slots_.size()) rehash(slots_.size() * 2);
  Slot& slot = slots_[slot_of(token)];
  if (slot.index == kFree) ++size_;
  slot = {tag_of(hash_bytes(token)), index};
  const auto place = static_cast<std::size_t>(id);
  if (place >= index_of_id_.size()) index_of_id_.resize(place + 1, kFree);
  index_of_id_[place] = index;
}

void Vocabulary::rehash(std::size_t slots) {
  std::vector<Slot> old(slots);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.index != kFree) slots_[slot_of(text_of(tokens_[slot.index]))] = slot;
  }
}

/// Where `token` is, or the free slot where it belongs. Half of the slots are free at least, so the walk ends.
std::size_t Vocabulary::slot_of(std::string_view token) const noexcept {
  const std::uint64_t hash = hash_bytes(token);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at].index != kFree && (slots_[at].tag != tag_of(hash) || text_of(tokens_[slots_[at].index]) != token)) {
    at = (at + 1) & mask;
  }
  return at;
}

std::int32_t Vocabulary::find(std::string_view token) const noexcept {
  const Slot slot = slots_[slot_of(token)];
  return slot.index == kFree ? -1 : tokens_[slot.index].id;
}

std::optional<std::string_view> Vocabulary::token_of(std::int32_t id) const {
  if (id < 0 || static_cast<std::size_t>(id) >= index_of_id_.size()) return std::nullopt;
  const std::uint32_t index = index_of_id_[static_cast<std::size_t>(id)];
  return index == kFree ? std::nullopt : std::optional(text_of(tokens_[index]));
}

}  // namespace tastevin::tokenizer
