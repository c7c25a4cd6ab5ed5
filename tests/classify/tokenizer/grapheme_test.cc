#include "classify/tokenizer/grapheme.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace tastevin::tokenizer {
namespace {

using Clusters = std::vector<std::string>;

Clusters clusters(std::string_view text) {
  Clusters out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_of_grapheme(text, at);
    out.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return out;
}

TEST(Grapheme, MarksAndJoinersGoOn) {
  EXPECT_EQ(clusters("ae\u0301\u200Db"), (Clusters{"a", "e\u0301\u200D", "b"}));
  EXPECT_EQ(clusters("क\u093Eख"), (Clusters{"क\u093E", "ख"}));
}

TEST(Grapheme, ControlsStandAlone) {
  EXPECT_EQ(clusters("\r\n\n\ra\u0301\t\u0301"), (Clusters{"\r\n", "\n", "\r", "a\u0301", "\t", "\u0301"}));
}

TEST(Grapheme, PrependedMarksTakeWhatFollows) {
  EXPECT_EQ(clusters("\u0600"
                     "1x"),
            (Clusters{"\u0600"
                      "1",
                      "x"}));
}

TEST(Grapheme, HangulSyllablesStayWhole) {
  EXPECT_EQ(clusters("\u1100\u1161\u11A8\u1100"), (Clusters{"\u1100\u1161\u11A8", "\u1100"}));
  EXPECT_EQ(clusters("가\u11A8각\u1161"), (Clusters{"가\u11A8", "각", "\u1161"}));
}

TEST(Grapheme, FlagsAreTwoRegionalIndicators) { EXPECT_EQ(clusters("🇫🇷🇩🇪🇫"), (Clusters{"🇫🇷", "🇩🇪", "🇫"})); }

TEST(Grapheme, JoinedEmojiAreOne) {
  EXPECT_EQ(clusters("👩\u200D👩❤\uFE0F\u200D🔥"), (Clusters{"👩\u200D👩", "❤\uFE0F\u200D🔥"}));
  EXPECT_EQ(clusters("a\u200D🔥"), (Clusters{"a\u200D", "🔥"}));
}

TEST(Grapheme, IndicConjunctsAreOne) {
  EXPECT_EQ(clusters("क\u094Dष"), (Clusters{"क\u094Dष"}));
  EXPECT_EQ(clusters("कष"), (Clusters{"क", "ष"}));
}

}  // namespace
}  // namespace tastevin::tokenizer
