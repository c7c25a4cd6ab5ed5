#include "classify/tokenizer/double_array.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tastevin/error.h"

namespace tastevin::tokenizer {
namespace {

using Prefixes = std::vector<std::pair<std::size_t, std::uint32_t>>;

Prefixes prefixes(const DoubleArray& trie, std::string_view text) {
  Prefixes found;
  trie.each_prefix(text, [&](std::size_t length, std::uint32_t value) { found.emplace_back(length, value); });
  return found;
}

DoubleArray make(std::vector<DoubleArray::Key> keys) { return DoubleArray(keys); }

TEST(DoubleArray, VisitsKeysThatBeginTheTextShortestFirst) {
  EXPECT_EQ(prefixes(make({{"abc", 3}, {"a", 1}, {"b", 9}, {"ab", 2}}), "abcd"), (Prefixes{{1, 1}, {2, 2}, {3, 3}}));
}

TEST(DoubleArray, FindsWholeKeysOnly) {
  const DoubleArray trie = make({{"abc", 3}, {"a", 1}});

  EXPECT_EQ(trie.find("abc"), 3U);
  EXPECT_EQ(trie.find("ab"), std::nullopt);
  EXPECT_EQ(trie.find("abcd"), std::nullopt);
}

TEST(DoubleArray, EmptyTrieHasNothing) {
  EXPECT_EQ(DoubleArray().find(""), std::nullopt);
  EXPECT_EQ(DoubleArray().find("a"), std::nullopt);
}

TEST(DoubleArray, EmptyKeyIsFoundButBeginsNoText) {
  const DoubleArray trie = make({{"", 7}});

  EXPECT_EQ(trie.find(""), 7U);
  EXPECT_EQ(prefixes(trie, "a"), Prefixes{});
}

TEST(DoubleArray, LastOfEqualKeysWins) { EXPECT_EQ(make({{"a", 1}, {"b", 2}, {"a", 3}}).find("a"), 3U); }

TEST(DoubleArray, NulIsAByteLikeOthers) {
  using namespace std::string_view_literals;
  const DoubleArray trie = make({{"a\0b"sv, 1}});

  EXPECT_EQ(trie.find("a\0b"sv), 1U);
  EXPECT_EQ(trie.find("a\0"sv), std::nullopt);
  EXPECT_EQ(trie.find("\0"sv), std::nullopt);
}

TEST(DoubleArray, RefusesValuesThatDoNotFit) { EXPECT_THROW(make({{"a", DoubleArray::kMaxValue + 1}}), Error); }

TEST(DoubleArray, AgreesWithAMapOnRandomKeys) {
  std::mt19937 random(7);
  std::map<std::string, std::uint32_t> map;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    std::string key;
    for (std::size_t length = random() % 6; key.size() <= length;)
      key.push_back(static_cast<char>(random() % (i % 256 + 1)));
    map[key] = i;
  }
  std::vector<DoubleArray::Key> keys;
  for (const auto& [key, value] : map) keys.push_back({key, value});
  std::ranges::shuffle(keys, random);
  const DoubleArray trie(keys);

  for (const auto& [key, value] : map) {
    ASSERT_EQ(trie.find(key), value);
    const std::string other = key + static_cast<char>(random());
    ASSERT_EQ(trie.find(other).has_value(), map.contains(other));
  }
}

}  // namespace
}  // namespace tastevin::tokenizer
