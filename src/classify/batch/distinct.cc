#include "classify/batch/distinct.h"

#include <functional>
#include <unordered_map>

namespace tastevin::batch {
namespace {

struct Hash {
  std::size_t operator()(const Text& text) const {
    const std::hash<std::string_view> hash;
    const std::size_t own = hash(text.text);
    return text.pair ? own ^ (hash(*text.pair) + 0x9E3779B97F4A7C15U + (own << 6U) + (own >> 2U)) : own;
  }
};

struct Equal {
  bool operator()(const Text& left, const Text& right) const {
    return left.text == right.text && left.pair == right.pair;
  }
};

}  // namespace

Distinct distinct(std::span<const Text> texts) {
  Distinct result;
  result.which.reserve(texts.size());
  std::unordered_map<Text, std::size_t, Hash, Equal> known;
  known.reserve(texts.size());
  for (const Text& text : texts) {
    const auto [entry, is_new] = known.try_emplace(text, result.texts.size());
    if (is_new) result.texts.push_back(text);
    result.which.push_back(entry->second);
  }
  return result;
}

}  // namespace tastevin::batch
