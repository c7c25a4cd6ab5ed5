// A letter and a number (A36) are a row of tests/reported_bugs.md.

#include "classify/tokenizer/charsmap.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tastevin/error.h"

namespace tastevin::tokenizer {
namespace {

using namespace std::string_literals;

void put_u32(std::string& out, std::uint32_t value) {
  for (unsigned shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(value >> shift & 0xFFU));
}

/// A map in the format of darts-clone. Each node gets 1024 units of its own: children at 256 to 511, a value at 512.
class MapWriter {
 public:
  void add(std::string_view key, std::string_view replacement) {
    std::uint32_t node = 0;
    for (const char c : key) node = child(node, static_cast<std::uint8_t>(c));
    nodes_[node].value = static_cast<std::int64_t>(replacements_.size());
    replacements_ += replacement;
    replacements_.push_back('\0');
  }

  std::string bytes() const {
    std::vector<std::uint32_t> units(nodes_.size() * kUnits);
    units[0] = kChildren << 10U;
    for (std::uint32_t node = 0; node < nodes_.size(); ++node) {
      for (const auto& [byte, next] : nodes_[node].children) {
        const std::uint32_t place = node * kUnits + (kChildren ^ byte);
        units[place] = (place ^ base_of(next)) << 10U | std::uint32_t{nodes_[next].value >= 0} << 8U | byte;
      }
      if (nodes_[node].value >= 0) units[base_of(node)] = static_cast<std::uint32_t>(nodes_[node].value) | 1U << 31U;
    }
    std::string out;
    put_u32(out, static_cast<std::uint32_t>(units.size() * 4));
    for (const std::uint32_t unit : units) put_u32(out, unit);
    return out + replacements_;
  }

 private:
  static constexpr std::uint32_t kUnits = 1024;
  static constexpr std::uint32_t kChildren = 256;

  struct Node {
    std::map<std::uint8_t, std::uint32_t> children;
    std::int64_t value = -1;
  };

  /// The place of a node's value; its children are at this place xor their byte.
  static std::uint32_t base_of(std::uint32_t node) { return node * kUnits + kChildren; }

  std::uint32_t child(std::uint32_t node, std::uint8_t byte) {
    const auto [place, is_new] = nodes_[node].children.try_emplace(byte, static_cast<std::uint32_t>(nodes_.size()));
    const std::uint32_t next = place->second;
    if (is_new) nodes_.emplace_back();
    return next;
  }

  std::vector<Node> nodes_{1};
  std::string replacements_;
};

Charsmap map_of(const std::vector<std::pair<std::string_view, std::string_view>>& rules) {
  MapWriter writer;
  for (const auto& [key, replacement] : rules) writer.add(key, replacement);
  return Charsmap::from_bytes(writer.bytes(), "test");
}

std::string applied(const Charsmap& map, std::string_view text) {
  std::string out;
  map.apply(text, [&out](std::string_view, std::string_view replacement) { out.append(replacement); });
  return out;
}

TEST(Charsmap, ReplacesCharactersAlone) { EXPECT_EQ(applied(map_of({{"①", "1"}, {"a", "bc"}}), "x①ay"), "x1bcy"); }

TEST(Charsmap, A36ReplacesAShortClusterWhole) {
  // SentencePiece takes the longest byte prefix; the reference looks at user-perceived characters of under 6 bytes.
  EXPECT_EQ(applied(map_of({{"e\u0301", "é"}}), "e\u0301x"), "éx");
}

TEST(Charsmap, A36LeavesClustersOfSixBytesToTheirParts) {
  EXPECT_EQ(applied(map_of({{"\u1100\u1161", "가"}}), "\u1100\u1161"), "\u1100\u1161");
  EXPECT_EQ(applied(map_of({{"\u1100", "k"}}), "\u1100\u1161\u11A8"), "k\u1161\u11A8");
}

TEST(Charsmap, ShortestPrefixStandsForTheWholeCluster) {
  // The reference takes the first match of its walk, so the accent goes with the digit.
  EXPECT_EQ(applied(map_of({{"①", "1"}, {"①\u0301", "no"}}), "①\u0301"), "1");
}

TEST(Charsmap, CarriageReturnAndLineFeedAreOneCluster) {
  EXPECT_EQ(applied(map_of({{"\r", "R"}, {"\n", "N"}}), "\r\n\r\n\n"), "RRN");
}

TEST(Charsmap, ReplacesByNothing) { EXPECT_EQ(applied(map_of({{"b", ""}}), "abc"), "ac"); }

TEST(Charsmap, SaysWhetherAnythingWasReplaced) {
  const Charsmap map = map_of({{"b", "b"}});
  const auto ignore = [](std::string_view, std::string_view) {};

  EXPECT_TRUE(map.apply("abc", ignore));
  EXPECT_FALSE(map.apply("acé", ignore));
}

TEST(Charsmap, ReadsBase64) {
  EXPECT_EQ(applied(Charsmap::from_base64("BAAAAAAAAAA=", "test"), "a"), "a");
  for (const char* bad : {"BAAAAAAAAAA", "BAAAAAAAAA==!", "BAAAAAAAAAB=", "====", "BAAA*AAAAAA=", ""}) {
    EXPECT_THROW(Charsmap::from_base64(bad, "test"), Error) << bad;
  }
}

TEST(Charsmap, RefusesATrieThatIsCutShort) {
  EXPECT_THROW(Charsmap::from_bytes("", "test"), Error);
  EXPECT_THROW(Charsmap::from_bytes("\0\0\0\0"s, "test"), Error);
  EXPECT_THROW(Charsmap::from_bytes("\x08\0\0\0abcd"s, "test"), Error);
  EXPECT_THROW(Charsmap::from_bytes("\xFF\xFF\xFF\xFF"
                                    "abcd"s,
                                    "test"),
               Error);
}

TEST(Charsmap, RefusesReplacementsThatAreNotUtf8) {
  EXPECT_THROW(Charsmap::from_bytes("\x04\0\0\0\0\0\0\0\xFF"s, "test"), Error);
}

TEST(Charsmap, DamagedTrieMatchesNothing) {
  // The reference reads units[716] of 513 here, and stops the program.
  std::string bytes;
  put_u32(bytes, 8);
  put_u32(bytes, 0x3FFFFFU << 10U);
  put_u32(bytes, 0xFFFFFFFFU);

  EXPECT_EQ(applied(Charsmap::from_bytes(bytes, "test"), "abc"), "abc");
}

}  // namespace
}  // namespace tastevin::tokenizer
