// Public bug reports that must not repeat, on tokenizers written here. The letter and number of a test is its row in
// tests/reported_bugs.md.

#include <optional>
#include <string>
#include <string_view>

#include "classify/tokenizer/small_tokenizer.h"

namespace tastevin::tokenizer {
namespace {

const Json kWhitespaceSplit = {{"type", "WhitespaceSplit"}};

Json bert_normalizer(bool lowercase, const Json& strip_accents) {
  return {{"type", "BertNormalizer"},
          {"clean_text", true},
          {"handle_chinese_chars", true},
          {"strip_accents", strip_accents},
          {"lowercase", lowercase}};
}

Tokenizer bert_like(std::string_view words, const Json& normalizer) {
  return load_json(
      tokenizer_json(word_piece(words), {{"normalizer", normalizer}, {"pre_tokenizer", kWhitespaceSplit}}));
}

Json unigram(const Json& pieces, bool byte_fallback = false) {
  return {{"type", "Unigram"}, {"unk_id", 0}, {"vocab", pieces}, {"byte_fallback", byte_fallback}};
}

Json bpe(const Json& vocabulary, const Json& merges) {
  return {{"type", "BPE"},
          {"dropout", nullptr},
          {"unk_token", nullptr},
          {"continuing_subword_prefix", nullptr},
          {"end_of_word_suffix", nullptr},
          {"fuse_unk", false},
          {"vocab", vocabulary},
          {"merges", merges}};
}

Json metaspace(const Json& members) {
  Json component = {{"type", "Metaspace"}, {"replacement", "▁"}};
  component.update(members);
  return component;
}

TEST(BugsA, A04VowelSignsStayWhenAccentsAreKept) {
  EXPECT_EQ(ids(bert_like("[UNK] क कु", bert_normalizer(true, false)), "कु"), (Ids{2}));
  EXPECT_EQ(ids(bert_like("[UNK] क कु", bert_normalizer(true, nullptr)), "कु"), (Ids{1}));
}

TEST(BugsA, A07AbsentStripAccentsFollowsLowercase) {
  const char* words = "[UNK] naive naïve mo bai lac troi mở bài lạc trôi";
  const Ids stripped{1, 3, 4, 5, 6};
  const Ids kept{2, 7, 8, 9, 10};
  const char* text = "naïve mở bài lạc trôi";

  EXPECT_EQ(ids(bert_like(words, bert_normalizer(true, nullptr)), text), stripped);
  EXPECT_EQ(ids(bert_like(words, bert_normalizer(false, nullptr)), text), kept);
  EXPECT_EQ(ids(bert_like(words, bert_normalizer(false, true)), text), stripped);
  EXPECT_EQ(ids(bert_like(words, bert_normalizer(true, false)), text), kept);
}

TEST(BugsA, A08CasedModelsDoNotCompose) {
  const Tokenizer tokenizer = bert_like("[UNK] \u00E1 a ##\u0301", bert_normalizer(false, nullptr));

  EXPECT_EQ(ids(tokenizer, "\u00E1"), (Ids{1}));
  EXPECT_EQ(ids(tokenizer, "a\u0301"), (Ids{2, 3}));
}

TEST(BugsA, A15WordThatEndsUnknownIsWhollyUnknown) {
  const Tokenizer tokenizer = load_json(tokenizer_json(
      word_piece("[UNK] [CLS] [SEP] want ##want ##ed wa un runn ##ing"), {{"pre_tokenizer", kWhitespaceSplit}}));

  EXPECT_EQ(ids(tokenizer, "unwantedX running"), (Ids{0, 8, 9}));
}

TEST(BugsA, A17WordLimitCountsCodePoints) {
  const Tokenizer tokenizer = bert_like("[UNK] é ##é", bert_normalizer(false, nullptr));

  EXPECT_EQ(ids(tokenizer, repeated("é", 100)).size(), 100U);
  EXPECT_EQ(ids(tokenizer, repeated("é", 101)), (Ids{0}));
}

TEST(BugsA, A26StrippingTokensTakeTheBlanksAround) {
  const Json both = {{"lstrip", true}, {"rstrip", true}};
  const Tokenizer tokenizer = load_json(
      tokenizer_json(word_piece("[UNK]"), {{"pre_tokenizer", kWhitespaceSplit},
                                           {"added_tokens", Json::array({added_token(1, "<|startoftranscript|>", both),
                                                                         added_token(2, "<|en|>", both)})}}));
  const char* text = "   <|startoftranscript|> <|en|>   ";

  EXPECT_EQ(ids(tokenizer, text), (Ids{1, 2}));
  EXPECT_EQ(spans(tokenizer, text), (Spans{{0, 25}, {25, 34}}));
}

class NormalizedToken : public testing::TestWithParam<bool> {};

TEST_P(NormalizedToken, A28MatchesAfterTheNormalizerOnlyWhenNormalized) {
  const Json token = added_token(5, "yesterday", {{"normalized", GetParam()}, {"special", false}});
  const Tokenizer tokenizer =
      load_json(tokenizer_json(word_piece("[UNK] i saw a lion"), {{"normalizer", {{"type", "Lowercase"}}},
                                                                  {"pre_tokenizer", kWhitespaceSplit},
                                                                  {"added_tokens", Json::array({token})}}));

  EXPECT_EQ(ids(tokenizer, "I saw a lion Yesterday"), (Ids{1, 2, 3, 4, GetParam() ? 5 : 0}));
}

INSTANTIATE_TEST_SUITE_P(BugsA, NormalizedToken, testing::Bool());

Tokenizer split_by_s(const char* scheme) {
  const Json pieces = Json::array({{"<unk>", 0.0},
                                   {"<s>", 0.0},
                                   {"▁Hey", -1.0},
                                   {"▁my", -1.0},
                                   {"▁friend", -1.0},
                                   {"▁", -2.0},
                                   {"▁<s>", -1.0},
                                   {"▁how", -1.0},
                                   {"how", -1.0},
                                   {"▁are", -1.0},
                                   {"▁you", -1.0}});
  return load_json(
      tokenizer_json(unigram(pieces), {{"pre_tokenizer", metaspace({{"prepend_scheme", scheme}, {"split", true}})},
                                       {"added_tokens", Json::array({added_token(1, "<s>")})}}));
}

TEST(BugsA, A29MetaspaceFirstPrependsOnceForTheText) {
  EXPECT_EQ(ids(split_by_s("first"), "Hey my friend <s>how▁are you"), (Ids{2, 3, 4, 5, 1, 8, 9, 10}));
}

TEST(BugsA, A29MetaspaceAlwaysPrependsToEveryFragment) {
  EXPECT_EQ(ids(split_by_s("always"), "Hey my friend <s>how▁are you"), (Ids{2, 3, 4, 5, 1, 7, 9, 10}));
}

TEST(BugsA, A29MetaspaceNeverPrepends) {
  EXPECT_EQ(ids(split_by_s("never"), "Hey my friend <s>how▁are you"), (Ids{0, 3, 4, 5, 1, 8, 9, 10}));
}

Ids hello_after(const Json& members) {
  return ids(load_json(tokenizer_json(unigram(Json::array({{"<unk>", 0.0}, {"hello", -1.0}, {"▁hello", -1.0}})),
                                      {{"pre_tokenizer", metaspace(members)}})),
             "hello");
}

TEST(BugsA, A30PrependSchemeDecidesAlone) {
  EXPECT_EQ(hello_after({{"prepend_scheme", "always"}}), (Ids{2}));
  EXPECT_EQ(hello_after({{"add_prefix_space", true}, {"prepend_scheme", "never"}}), (Ids{1}));
}

TEST(BugsA, A30OldFilesHaveAddPrefixSpaceOnly) {
  EXPECT_EQ(hello_after({{"add_prefix_space", true}}), (Ids{2}));
  EXPECT_EQ(hello_after({{"add_prefix_space", false}}), (Ids{1}));  // the oracle refuses this one
}

Tokenizer with_newline_byte() {
  return load_json(
      tokenizer_json(unigram(Json::array({{"<unk>", 0.0}, {"a", -1.0}, {"b", -1.0}, {"<0x0A>", -1.0}}), true)));
}

TEST(BugsA, A32UnigramFallsToBytes) { EXPECT_EQ(ids(with_newline_byte(), "a\nb"), (Ids{1, 3, 2})); }

TEST(BugsA, A32OneMissingByteKeepsThePieceUnknown) { EXPECT_EQ(ids(with_newline_byte(), "a\n\tb"), (Ids{1, 0, 2})); }

TEST(BugsA, A34LatticeWalksCodePoints) {
  const Tokenizer tokenizer =
      load_json(tokenizer_json(unigram(Json::array({{"<unk>", 0.0}, {"▁", -2.0}, {"▁1", -3.0}, {"1", -4.0}})),
                               {{"pre_tokenizer", metaspace({{"prepend_scheme", "always"}})}}));

  EXPECT_EQ(ids(tokenizer, "1\uFE0F\u20E3"), (Ids{2, 0}));
}

TEST(BugsA, A36CharsmapLeavesLongGraphemesDecomposed) {
  const Tokenizer tokenizer = Tokenizer::load(kGoldenTokenizers / "components/normalizer-precompiled");

  EXPECT_EQ(ids(tokenizer, "\u110B\u1161\u11AB").size(), 9U);  // its charsmap composes them; one id is one byte
}

TEST(BugsA, A41EqualScoresAreResolvedAsTheOracleDoes) {
  const Tokenizer tokenizer = load_json(
      tokenizer_json(unigram(Json::array({{"<unk>", 0.0}, {"▁test", -5.0}, {".", -2.0}, {"........", -16.0}})),
                     {{"pre_tokenizer", metaspace({{"prepend_scheme", "always"}})}}));

  EXPECT_EQ(ids(tokenizer, "test........."), (Ids{1, 2, 3}));
}

TEST(BugsA, A42SentencePieceFileAloneGetsTheFairseqOffset) {
  EXPECT_EQ(ids(Tokenizer::load(kGoldenTokenizers / "folders/xlm-roberta"), "the film"),
            (Ids{0, 28, 23, 17, 6, 9, 2}));  // sentencepiece says 27 22 16 5 8
}

const Json kByteLevel = {
    {"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", true}};

TEST(BugsA, A45ByteLevelKeepsLettersAndDigitsApart) {
  EXPECT_EQ(
      ids(load_json(tokenizer_json(bpe(numbered("A 0 A0"), Json::array({"A 0"})), {{"pre_tokenizer", kByteLevel}})),
          "A0"),
      (Ids{0, 1}));
  EXPECT_EQ(
      ids(load_json(tokenizer_json(bpe(numbered("A B AB"), Json::array({"A B"})), {{"pre_tokenizer", kByteLevel}})),
          "AB"),
      (Ids{2}));
}

TEST(BugsA, A55IgnoreMergesTakesWholeWordsFirst) {
  Json model = bpe(numbered("a b c ab abc"), Json::array({"a b"}));
  EXPECT_EQ(ids(load_json(tokenizer_json(model)), "abc"), (Ids{3, 2}));

  model["ignore_merges"] = true;
  EXPECT_EQ(ids(load_json(tokenizer_json(model)), "abc"), (Ids{4}));
}

TEST(BugsA, A57PairTruncationSharesTheBudget) {
  const Tokenizer tokenizer = load_json(
      tokenizer_json(word_piece("[SEP] [UNK] [CLS] [MASK] [PAD] , ."),
                     {{"normalizer", bert_normalizer(true, nullptr)},
                      {"pre_tokenizer", {{"type", "BertPreTokenizer"}}},
                      {"post_processor", {{"type", "BertProcessing"}, {"sep", {"[SEP]", 0}}, {"cls", {"[CLS]", 2}}}}}));
  const std::string commas(125, ',');
  const std::string points(130, '.');
  const Ids found = tokenizer.encode({.text = commas, .pair = points}, {.max_length = 128}).ids;

  EXPECT_EQ(found.size(), 128U);
  EXPECT_EQ(std::ranges::count(found, 5), 62);
  EXPECT_EQ(std::ranges::count(found, 6), 63);
}

TEST(BugsA, A63PlainModelMaxLengthIsRead) {
  EXPECT_EQ(Tokenizer::load(kGoldenTokenizers / "folders/bert-max-length").model_max_length(), 6U);
}

TEST(BugsA, A65RobertaPairHasTwoSeparatorsAndOneType) {
  const Encoding encoding =
      Tokenizer::load(kGoldenTokenizers / "folders/roberta").encode({.text = "hello", .pair = "the"}, {});

  EXPECT_EQ(encoding.ids, (Ids{0, 263, 2, 2, 87, 260, 2}));
  EXPECT_EQ(encoding.type_ids, std::vector<std::uint8_t>(7, 0));
}

TEST(BugsA, A68VocabularyAloneIsLowercased) {
  const Tokenizer tokenizer = Tokenizer::load(kGoldenTokenizers / "folders/bert-bare");

  EXPECT_EQ(ids(tokenizer, "Hello World"), (Ids{2, 6, 8, 3}));
  EXPECT_NE(tokenizer.warning().find("do_lower_case"), std::string::npos);
}

TEST(BugsA, A68DoLowerCaseFalseIsObeyed) {
  const Tokenizer tokenizer = Tokenizer::load(kGoldenTokenizers / "folders/bert-cased");

  EXPECT_EQ(ids(tokenizer, "Hello World"), (Ids{2, 7, 9, 3}));
  EXPECT_EQ(tokenizer.warning(), "");
}

TEST(BugsA, A70TokenizerJsonWinsOverTheClassName) {
  const std::string document =
      tokenizer_json(word_piece("[UNK] hello ##s"), {{"pre_tokenizer", kWhitespaceSplit}}).dump();
  const Tokenizer tokenizer = load_files(
      {{"tokenizer.json", document}, {"tokenizer_config.json", R"({"tokenizer_class":"RobertaTokenizer"})"}});

  EXPECT_EQ(ids(tokenizer, "hellos hello"), (Ids{1, 2, 1}));
}

TEST(BugsA, A71LoneSurrogateBytesReadAsReplacementCharacters) {
  const Tokenizer tokenizer =
      load_json(tokenizer_json(word_piece("[UNK] ok bad \uFFFD\uFFFD\uFFFD"), {{"pre_tokenizer", kWhitespaceSplit}}));

  EXPECT_EQ(ids(tokenizer, "ok \xED\xA0\x80 bad"), (Ids{1, 3, 2}));
}

TEST(BugsA, A75ClassifierAndSeparatorIdsComeFromTheTokenizer) {
  EXPECT_EQ(ids(Tokenizer::load(kGoldenTokenizers / "folders/mpnet"), "hello world"), (Ids{0, 6, 8, 2}));
}

TEST(BugsA, A77SplitTakesAPlainString) {
  const Json split = {
      {"type", "Split"}, {"pattern", {{"String", " "}}}, {"behavior", "MergedWithPrevious"}, {"invert", false}};
  const Tokenizer tokenizer = load_json(tokenizer_json(word_piece("[UNK] paris"), {{"pre_tokenizer", split}}));

  EXPECT_EQ(spans(tokenizer, "where is paris"), (Spans{{0, 6}, {6, 9}, {9, 14}}));
  EXPECT_EQ(ids(tokenizer, "where is paris"), (Ids{0, 0, 1}));
}

}  // namespace
}  // namespace tastevin::tokenizer
