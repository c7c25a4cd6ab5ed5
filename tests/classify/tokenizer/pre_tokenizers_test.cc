#include "classify/tokenizer/pre_tokenizers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "classify/tokenizer/scratch.h"
#include "support/fails_with.h"

namespace tastevin::tokenizer {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Words = std::vector<std::string>;

Words cut(const Json& json, std::string_view text) {
  Scratch scratch;
  PreTokenized state;
  state.reset(Alignment::tracked);
  state.text.append_original(text, 0);
  if (!text.empty()) state.pieces.push_back({0, text.size()});
  make_pre_tokenizer(json, ByteLevel::Spelling::stand_ins, "here")->apply(state, scratch);
  Words words;
  for (const Piece& piece : state.pieces) words.push_back(state.text.text.substr(piece.begin, piece.end - piece.begin));
  return words;
}

Words cut(const char* type, std::string_view text) { return cut(Json{{"type", type}}, text); }

TEST(PreTokenizers, WhitespaceTellsWordsFromTheRest) {
  EXPECT_THAT(cut("Whitespace", " it's  3.5\u20AC!"), ElementsAre("it", "'", "s", "3", ".", "5", "\u20AC!"));
}

TEST(PreTokenizers, WhitespaceSplitCutsAtBlanksOnly) {
  EXPECT_THAT(cut("WhitespaceSplit", " it's\u3000here\n"), ElementsAre("it's", "here"));
}

TEST(PreTokenizers, BertIsolatesPunctuation) {
  EXPECT_THAT(cut("BertPreTokenizer", "don't stop..."), ElementsAre("don", "'", "t", "stop", ".", ".", "."));
}

TEST(PreTokenizers, DigitsJoinOrStandAlone) {
  EXPECT_THAT(cut({{"type", "Digits"}, {"individual_digits", false}}, "a12b"), ElementsAre("a", "12", "b"));
  EXPECT_THAT(cut({{"type", "Digits"}, {"individual_digits", true}}, "a12b"), ElementsAre("a", "1", "2", "b"));
}

TEST(PreTokenizers, UnicodeScriptsLoseBlanksAtTheStart) {
  EXPECT_THAT(cut("UnicodeScripts", " ab \u6797\u3042"), ElementsAre("ab ", "\u6797\u3042"));
  EXPECT_THAT(cut("UnicodeScripts", "   "), IsEmpty());
}

TEST(PreTokenizers, FixedLengthCountsCodePoints) {
  EXPECT_THAT(cut({{"type", "FixedLength"}, {"length", 2}}, "a\u00E9b\u00E9c"), ElementsAre("a\u00E9", "b\u00E9", "c"));
}

TEST(PreTokenizers, SplitInvertsItsPattern) {
  const Json json{{"type", "Split"}, {"pattern", {{"Regex", "\\w+"}}}, {"behavior", "Removed"}, {"invert", true}};

  EXPECT_THAT(cut(json, "a, bc!"), ElementsAre("a", "bc"));
}

TEST(PreTokenizers, MetaspacePrependsAndCuts) {
  const Json json{{"type", "Metaspace"}, {"replacement", "\u2581"}, {"prepend_scheme", "always"}};

  EXPECT_THAT(cut(json, "Hey  you"), ElementsAre("\u2581Hey", "\u2581", "\u2581you"));
  EXPECT_THAT(cut(json, " Hey"), ElementsAre("\u2581Hey"));
}

TEST(PreTokenizers, MetaspaceOfOldFilesFollowsAddPrefixSpace) {
  EXPECT_THAT(cut({{"type", "Metaspace"}, {"replacement", "_"}, {"add_prefix_space", false}}, "a b"),
              ElementsAre("a", "_b"));
}

TEST(PreTokenizers, RefuseAMetaspaceThatContradictsItself) {
  const Json json{
      {"type", "Metaspace"}, {"replacement", "_"}, {"add_prefix_space", false}, {"prepend_scheme", "always"}};

  EXPECT_THROW(cut(json, "a"), Error);
}

TEST(PreTokenizers, ByteLevelSpellsAndCuts) {
  EXPECT_THAT(cut({{"type", "ByteLevel"}, {"add_prefix_space", true}}, "it's \u00E9"),
              ElementsAre("\u0120it", "'s", "\u0120\u00C3\u00A9"));
}

TEST(EndsInByteLevel, LooksAtTheLastStepOfASequence) {
  const Json byte_level{{"type", "ByteLevel"}};
  const Json split{{"type", "Digits"}};

  EXPECT_TRUE(ends_in_byte_level(byte_level));
  EXPECT_TRUE(ends_in_byte_level({{"type", "Sequence"}, {"pretokenizers", {split, byte_level}}}));
  EXPECT_FALSE(ends_in_byte_level({{"type", "Sequence"}, {"pretokenizers", {byte_level, split}}}));
  EXPECT_FALSE(ends_in_byte_level(split));
  EXPECT_FALSE(ends_in_byte_level(nullptr));
}

TEST(PreTokenizers, NameAnUnknownType) {
  EXPECT_THAT(([] { make_pre_tokenizer({{"type", "Mystery"}}, ByteLevel::Spelling::stand_ins, "here"); }),
              fails_with(ErrorCode::unsupported_model, "Mystery"));
}

}  // namespace
}  // namespace tastevin::tokenizer
