// Public bug reports that must not repeat, on the real vocabularies. The letter and number of a test is its row in
// tests/reported_bugs.md.

#include <optional>
#include <string>
#include <string_view>

#include "classify/tokenizer/small_tokenizer.h"

namespace tastevin::tokenizer {
namespace {

class BertUncased : public SharedVocabulary {
 protected:
  void SetUp() override {
    SharedVocabulary::SetUp();
    if (!IsSkipped() && !HasFatalFailure()) tokenizer_.emplace(load("bert-uncased"));
  }

  Ids ids_of(std::string_view text) const { return plain_ids(*tokenizer_, text); }

  std::optional<Tokenizer> tokenizer_;
};

TEST_F(BertUncased, A01AccentedLettersLoseOnlyTheirAccent) {
  EXPECT_EQ(ids_of("lǜshi"), (Ids{16299, 2072}));
  EXPECT_EQ(ids_of("Kantō"), ids_of("kanto"));
}

TEST_F(BertUncased, A02HangulSplitsIntoJamo) { EXPECT_EQ(ids(*tokenizer_, "안"), (Ids{101, 1463, 30006, 30021, 102})); }

TEST_F(BertUncased, A04VowelSignsOfIndicScriptsAreStripped) {
  EXPECT_EQ(ids_of("कु"), (Ids{1315}));
  EXPECT_EQ(ids_of("สวัส"), (Ids{1420, 29955, 29956}));
}

TEST_F(BertUncased, A05TurkishCapitalsFoldAsTheOracleDoes) {
  EXPECT_EQ(ids_of("ÇOCUK ŞANLIURFA'DAN GELENLERİ ÖĞÜN OLARAK YİYOR"),
            ids_of("cocuk sanliurfa'dan gelenleri ogun olarak yiyor"));
}

TEST_F(BertUncased, A05DotlessIStays) { EXPECT_EQ(ids_of("sanlıurfa"), (Ids{2624, 2140, 11722, 3126, 7011})); }

TEST_F(BertUncased, A09ControlBlanksSeparateWords) {
  EXPECT_EQ(ids_of("one\nline"), ids_of("one line"));
  EXPECT_EQ(ids_of("note\nbook"), ids_of("note book"));
  EXPECT_EQ(ids_of("a\tb\rc"), ids_of("a b c"));
}

TEST_F(BertUncased, A11NulAndReplacementCharacterVanish) {
  EXPECT_EQ(ids(*tokenizer_, std::string_view("1\0002\xEF\xBF\xBD"
                                              "3",
                                              7)),
            (Ids{101, 13138, 102}));
}

TEST_F(BertUncased, A13NewEmojiAreAssigned) {
  EXPECT_EQ(ids_of("🥱"), (Ids{100}));
  EXPECT_EQ(ids_of("📷🤏"), (Ids{100}));
  EXPECT_EQ(ids_of("🦾"), (Ids{100}));
}

TEST_F(BertUncased, A16EmojiMakesItsWholeWordUnknown) {
  EXPECT_EQ(ids_of("hello😀"), (Ids{100}));
  EXPECT_EQ(ids_of(" 😃 hello how are you"), (Ids{100, 7592, 2129, 2024, 2017}));
}

TEST_F(BertUncased, A17WordsAboveHundredCodePointsAreUnknown) {
  EXPECT_EQ(ids_of(repeated("Hello", 20)).size(), 30U);
  EXPECT_EQ(ids_of(repeated("Hello", 26)), (Ids{100}));
  EXPECT_EQ(ids_of(repeated("é", 100)).size(), 50U);
  EXPECT_EQ(ids_of(repeated("é", 101)), (Ids{100}));
}

TEST_F(BertUncased, A19UnknownScriptsAdvance) {
  EXPECT_EQ(ids(*tokenizer_, "वधनसभ चनव नतज 2023भकपवषण"),
            (Ids{101,   1335,  29862, 29863, 29874, 29866, 1318,  29863, 29871, 1327, 29859,
                 29855, 16798, 2509,  29866, 29851, 29864, 29871, 29873, 29858, 102}));
}

TEST_F(BertUncased, A20IdeographsInsideLatinTextAreWords) {
  EXPECT_EQ(
      ids_of("Rika Noguchi ( 野口里佳 Noguchi Rika, born 1971 in Tokyo, Japan) is a Japanese photographic artist "),
      (Ids{15544, 2912, 2053, 16918, 1006, 1963, 1788, 1962, 100,  2053, 16918, 15544, 2912,
           1010,  2141, 3411, 1999,  5522, 1010, 2900, 1007, 2003, 1037, 2887,  12416, 3063}));
}

TEST_F(BertUncased, A22SpecialTokenBesidePunctuationIsSeen) {
  EXPECT_EQ(ids_of("This is [MASK]~tastic!"), (Ids{2023, 2003, 103, 1066, 11937, 10074, 999}));
}

TEST_F(BertUncased, A23LiteralSeparatorDoesNotFlipTypeIds) {
  const Encoding encoding = tokenizer_->encode({.text = "3997 4145 10285  [SEP]  1 2 3", .pair = "1 2 3 4"}, {});

  EXPECT_EQ(encoding.ids, (Ids{101, 4464, 2683, 2581, 4601, 19961, 9402, 27531, 102, 1015, 1016, 1017, 102, 1015, 1016,
                               1017, 1018, 102}));
  EXPECT_EQ(encoding.type_ids, (std::vector<std::uint8_t>{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1}));
}

TEST_F(BertUncased, A24AddedTokensOfTheFileAreRead) {
  Json document = read_json_object(kSharedTokenizers / "bert-uncased/tokenizer.json");
  document["added_tokens"].push_back(added_token(30522, "[TERM]"));

  EXPECT_EQ(plain_ids(load_json(document), "a [TERM]b"), (Ids{1037, 30522, 1038}));
}

TEST_F(BertUncased, A49ParitySetOfWordPiece) {
  EXPECT_EQ(ids_of("Führer"), (Ids{11865, 17875}));
  EXPECT_EQ(ids_of("ied 4 ½ months"), (Ids{29464, 2094, 1018, 1092, 2706}));
  EXPECT_EQ(ids_of("' era"), (Ids{1005, 3690}));
  EXPECT_EQ(ids_of(" this is 🦙.cpp"), (Ids{2023, 2003, 100, 1012, 18133, 2361}));
}

TEST_F(BertUncased, A50CyrillicDecomposesAndKhmerIsOneWord) {
  EXPECT_EQ(ids_of("нещо на Български"), (Ids{1192, 15290, 29754, 14150, 1192, 10260, 1181, 29755, 29436, 29741, 10260,
                                              16856, 29747, 23925, 10325}));
  EXPECT_EQ(ids_of("កាន់តែពិសេសអាចខលចេញ"), (Ids{100}));
}

TEST_F(BertUncased, A52DigitRunsTakeTheLongestPieces) {
  EXPECT_EQ(ids_of("333"), (Ids{21211}));
  EXPECT_EQ(ids_of("3333"), (Ids{21211, 2509}));
  EXPECT_EQ(ids_of("333333"), (Ids{21211, 22394, 2509}));
  EXPECT_EQ(ids_of("33333333"), (Ids{21211, 22394, 22394, 2509}));
}

TEST_F(BertUncased, A53FullWidthTildeIsNotFolded) {
  EXPECT_EQ(ids(*tokenizer_, "weird ～ edge ～ case"), (Ids{101, 6881, 1995, 3341, 1995, 2553, 102}));
}

TEST_F(BertUncased, A54LowerBlockIsAnOrdinaryCharacter) {
  EXPECT_EQ(ids(*tokenizer_, "▁This ▁is ▁a ▁test ▁."), (Ids{101, 100, 100, 100, 100, 100, 1012, 102}));
}

TEST_F(BertUncased, A59LimitBarelyAboveTheSpecialTokens) {
  const Encoding encoding = tokenizer_->encode({.text = "ozeirgrezjgorjoij", .pair = "reoijgoirjg"}, {.max_length = 4});

  EXPECT_EQ(encoding.ids, (Ids{101, 11472, 102, 102}));
  EXPECT_EQ(encoding.type_ids, (std::vector<std::uint8_t>{0, 0, 0, 1}));
}

TEST_F(BertUncased, A61WindowsFollowTheText) {
  const auto windows = tokenizer_->encode_windows({.text = "hello my name is niels", .pair = {}}, {.max_length = 6}, 0);

  ASSERT_EQ(windows.size(), 2U);
  EXPECT_EQ(windows[0].ids, (Ids{101, 7592, 2026, 2171, 2003, 102}));
  EXPECT_EQ(windows[1].ids, (Ids{101, 9152, 9050, 102}));
}

TEST_F(BertUncased, A62TruncationIsTheSameOnEveryCall) {
  const std::string text = "Submit a bug report to help us improve transformers.";
  Encoding reused;
  for (int call = 0; call < 2; ++call) {
    tokenizer_->encode({.text = text, .pair = {}}, {.max_length = 4}, reused);
    EXPECT_EQ(reused.ids, (Ids{101, 12040, 1037, 102}));
  }
}

TEST_F(BertUncased, A63HugeModelMaxLengthMeansNoLimit) {
  EXPECT_EQ(tokenizer_->model_max_length(), std::nullopt);  // the file says 1000000000000000019884624838656
}

TEST_F(BertUncased, A67TokenizerJsonDecidesAboutCase) {
  std::ifstream file(kSharedTokenizers / "bert-uncased/tokenizer.json");
  const std::string document{std::istreambuf_iterator<char>(file), {}};
  const Tokenizer tokenizer = load_files({{"tokenizer.json", document},
                                          {"tokenizer_config.json", R"({"do_lower_case":true})"},
                                          {"sentence_bert_config.json", R"({"do_lower_case":false})"}});

  EXPECT_EQ(ids(tokenizer, "The capital of France is Paris."),
            (Ids{101, 1996, 3007, 1997, 2605, 2003, 3000, 1012, 102}));
}

class DebertaV3 : public BertUncased {
 protected:
  void SetUp() override {
    SharedVocabulary::SetUp();
    if (!IsSkipped() && !HasFatalFailure()) tokenizer_.emplace(load("deberta-v3"));
  }
};

TEST_F(DebertaV3, A34KeycapKeepsItsDigit) { EXPECT_EQ(ids_of("1\uFE0F\u20E3"), (Ids{376, 25377, 123190})); }

TEST_F(DebertaV3, A36CharsmapLooksAtGraphemesBelowSixBytes) {
  EXPECT_EQ(ids_of("\u1100\u1161\u11A8"), (Ids{507, 127449, 3}));
}

TEST_F(DebertaV3, A38HalfWidthKanaAndIdeographicSpace) {
  EXPECT_EQ(ids_of("ｽﾅｯﾌﾟﾘﾝｸﾞ　SC-40"),
            (Ids{507, 30322, 81148, 74508, 67671, 123454, 42144, 22662, 47029, 126117, 7348, 271, 2554}));
}

TEST_F(DebertaV3, A39ControlCharactersVanishAndBlanksFold) {
  EXPECT_EQ(ids_of("T\x10his \x10\t \n \n    \x10\x10\x10\x10   \nis     \t\t \x10     a \t\n\t         te\x10st\n"),
            (Ids{329, 269, 266, 1010}));
}

TEST_F(DebertaV3, A40EllipsisExpands) {
  EXPECT_EQ(ids_of("une part, et La Société\u202F……………….dont le siège"),
            (Ids{18426, 465, 261, 1770, 2025, 84951, 323, 260, 260, 260, 260,  260, 260,  260,  260,
                 260,   260, 260, 260,  260,  260,   260, 260, 260, 260, 5399, 297, 5352, 9554, 103458}));
}

TEST_F(DebertaV3, A44SoftHyphenIsUnknownWithoutByteFallback) {
  EXPECT_EQ(tokenizer_->encode({.text = "a", .pair = "\u00AD"}, {}).ids, (Ids{1, 266, 2, 507, 3, 2}));
}

TEST_F(DebertaV3, A44SoftHyphenFallsToBytes) {
  Json document = read_json_object(kSharedTokenizers / "deberta-v3/tokenizer.json");
  document["model"]["byte_fallback"] = true;

  EXPECT_EQ(load_json(document).encode({.text = "a", .pair = "\u00AD"}, {}).ids, (Ids{1, 266, 2, 507, 198, 177, 2}));
}

class Gpt2 : public BertUncased {
 protected:
  void SetUp() override {
    SharedVocabulary::SetUp();
    if (!IsSkipped() && !HasFatalFailure()) tokenizer_.emplace(load("gpt2"));
  }
};

TEST_F(Gpt2, A47ParitySetOfByteLevel) {
  EXPECT_EQ(ids_of(" this is 🦙.cpp"), (Ids{428, 318, 12520, 99, 247, 13, 20322}));
  EXPECT_EQ(ids_of("   Hello"), (Ids{220, 220, 18435}));
  EXPECT_EQ(ids_of("\t"), (Ids{197}));
  EXPECT_EQ(ids_of("\n\n"), (Ids{628}));
  EXPECT_EQ(ids_of("\t\n"), (Ids{197, 198}));
}

}  // namespace
}  // namespace tastevin::tokenizer
