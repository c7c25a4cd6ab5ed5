#include "classify/tokenizer/tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/error.h"
#include "classify/tokenizer/small_tokenizer.h"
#include "support/fails_with.h"

namespace tastevin::tokenizer {
namespace {

using testing::ElementsAre;

constexpr const char* kWords = "[UNK] [CLS] [SEP] [PAD] film good ##s a b ##b \u00E9 the";

Json bert_json(const Json& members = Json::object()) {
  Json document =
      tokenizer_json(word_piece(kWords),
                     {{"normalizer",
                       {{"type", "BertNormalizer"},
                        {"clean_text", true},
                        {"handle_chinese_chars", true},
                        {"strip_accents", nullptr},
                        {"lowercase", true}}},
                      {"pre_tokenizer", {{"type", "BertPreTokenizer"}}},
                      {"post_processor", {{"type", "BertProcessing"}, {"sep", {"[SEP]", 2}}, {"cls", {"[CLS]", 1}}}}});
  document.update(members);
  return document;
}

ErrorCode error_of_loading(const std::map<std::string, std::string>& files) {
  return code_of_failure([&files] { load_files(files); });
}

TEST(Tokenizer, ReadsInvalidUtf8AsReplacementCharacters) {
  const Tokenizer tokenizer = load_json(tokenizer_json(word_piece("[UNK] \uFFFD a")));

  EXPECT_THAT(plain_ids(tokenizer, "\xFF"), ElementsAre(1));
}

TEST(Tokenizer, DoesNotEndATextAtNul) {
  EXPECT_THAT(plain_ids(load_json(bert_json()), std::string_view("a \0 b", 5)), ElementsAre(7, 8));
}

TEST(Tokenizer, JoinsWhatAControlCharacterDivided) {
  EXPECT_THAT(plain_ids(load_json(bert_json()), std::string_view("fi\0lm", 5)), ElementsAre(4));
}

TEST(Tokenizer, GivesAnEmptyTextItsSpecialTokens) {
  const Tokenizer tokenizer = load_json(bert_json());

  EXPECT_THAT(ids(tokenizer, ""), ElementsAre(1, 2));
  EXPECT_THAT(ids(tokenizer, " \t\n"), ElementsAre(1, 2));
}

TEST(Tokenizer, CountsOffsetsInCodePointsOfTheOriginal) {
  EXPECT_THAT(spans(load_json(bert_json()), "\U0001F600 GOODS"), ElementsAre(Span{0, 1}, Span{2, 6}, Span{6, 7}));
}

TEST(Tokenizer, MarksWhatItCut) {
  const Tokenizer tokenizer = load_json(bert_json());

  EXPECT_TRUE(tokenizer.encode({.text = "film film film", .pair = {}}, {.max_length = 4}).truncated);
  EXPECT_FALSE(tokenizer.encode({.text = "film film", .pair = {}}, {.max_length = 4}).truncated);
}

TEST(Tokenizer, FusedPassEqualsThePartsOneByOne) {
  const Json normalized_token = {{{"id", 12},
                                  {"content", "zzz"},
                                  {"single_word", false},
                                  {"lstrip", false},
                                  {"rstrip", false},
                                  {"normalized", true},
                                  {"special", false}}};
  const Tokenizer fused = load_json(bert_json());
  const Tokenizer parts = load_json(bert_json({{"added_tokens", normalized_token}}));

  for (const char* text :
       {"The FILMS, goods!", "\u00C9\u0301b \u4E2Da\u00A0b", "a\u302E\u0301\u0323b", "\u0130\uC548\u200Db"}) {
    EXPECT_EQ(fused.encode({.text = text, .pair = {}}, {.offsets = true}).ids,
              parts.encode({.text = text, .pair = {}}, {.offsets = true}).ids);
    EXPECT_EQ(spans(fused, text), spans(parts, text));
  }
}

TEST(Tokenizer, AssignsIdsPastTheVocabulary) {
  const Tokenizer tokenizer = load_json(bert_json({{"added_tokens", {added_token(12, "[TERM]")}}}));

  EXPECT_THAT(plain_ids(tokenizer, "a [TERM]b"), ElementsAre(7, 12, 8));
  EXPECT_EQ(tokenizer.id_bound(), 13U);
  EXPECT_EQ(tokenizer.token(12), "[TERM]");
}

TEST(Tokenizer, CountsTheIdsThatItsTemplatesAdd) {
  // They were not counted: a file could name one beyond the model's table of words, and it was looked up there.
  const Json post_processor = {{"type", "BertProcessing"}, {"cls", {"[CLS]", 500}}, {"sep", {"[SEP]", 2}}};

  EXPECT_EQ(load_json(bert_json({{"post_processor", post_processor}})).id_bound(), 501U);
}

TEST(Tokenizer, FillsRowsWithAnIdThatTextsCanHave) {
  const Json padding = {{"strategy", "BatchLongest"}, {"pad_id", 9999}, {"pad_token", "[NOWHERE]"}};

  EXPECT_EQ(load_json(bert_json({{"padding", padding}})).pad_id(), 0);
}

TEST(Tokenizer, GivesWindowsTheirSpecialTokens) {
  const auto windows =
      load_json(bert_json()).encode_windows({.text = "a b the film", .pair = {}}, {.max_length = 5}, 2);

  ASSERT_EQ(windows.size(), 2U);
  EXPECT_THAT(windows[0].ids, ElementsAre(1, 7, 8, 11, 2));
  EXPECT_THAT(windows[1].ids, ElementsAre(1, 8, 11, 4, 2));
}

TEST(Tokenizer, TellsTheWordsByTheirPlaceInTheText) {
  const auto words = load_json(bert_json()).words(" The caf\u00E9,  \u4E2D\u6587 x");

  EXPECT_THAT(words, ElementsAre(Span{1, 4}, Span{5, 9}, Span{9, 10}, Span{12, 13}, Span{13, 14}, Span{15, 16}));
}

TEST(Tokenizer, TellsNoWordsOfBlanks) {
  EXPECT_TRUE(load_json(bert_json()).words(" \t\n ").empty());
  EXPECT_TRUE(load_json(bert_json()).words("").empty());
}

// The pieces of byte-level models begin with the blank before them.
TEST(Tokenizer, LeavesBlanksOutOfByteLevelWords) {
  const Tokenizer byte_level = load_json(tokenizer_json(
      word_piece("[UNK]"),
      {{"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}}}}));

  EXPECT_THAT(byte_level.words("so  \u00E9t\u00E9 it's"),
              ElementsAre(Span{0, 2}, Span{4, 7}, Span{8, 10}, Span{10, 12}));
}

TEST(Tokenizer, ServesManyThreads) {
  const Tokenizer tokenizer = load_json(bert_json());
  const Ids expected = ids(tokenizer, "the good films");
  std::vector<std::thread> threads;
  std::vector<Ids> found(4);
  for (Ids& result : found) {
    threads.emplace_back([&tokenizer, &result] {
      for (int turn = 0; turn < 1000; ++turn) result = ids(tokenizer, "the good films");
    });
  }
  for (std::thread& thread : threads) thread.join();

  for (const Ids& result : found) EXPECT_EQ(result, expected);
}

TEST(Tokenizer, KeepsTwoTokenizersOfOneThreadApart) {
  const Tokenizer first = load_json(bert_json());
  const Tokenizer second = load_json(tokenizer_json(word_piece("[UNK] film")));

  EXPECT_THAT(plain_ids(first, "film"), ElementsAre(4));
  EXPECT_THAT(plain_ids(second, "film"), ElementsAre(1));
  EXPECT_THAT(plain_ids(first, "film"), ElementsAre(4));
}

TEST(TokenizerLoad, ReadsNoLimitAsNone) {
  const std::string file = bert_json().dump();

  EXPECT_EQ(load_files({{"tokenizer.json", file}, {"tokenizer_config.json", R"({"model_max_length": 1e30})"}})
                .model_max_length(),
            std::nullopt);
  EXPECT_EQ(load_files({{"tokenizer.json", file},
                        {"tokenizer_config.json", R"({"model_max_length": 1000000000000000019884624838656})"}})
                .model_max_length(),
            std::nullopt);
  EXPECT_EQ(load_files({{"tokenizer.json", file}, {"tokenizer_config.json", R"({"model_max_length": 512})"}})
                .model_max_length(),
            512U);
}

TEST(TokenizerLoad, FindsTheSideAtWhichLongTextsAreCut) {
  const std::string file = bert_json().dump();
  const auto cut = [&file](const char* config, Truncation truncation) {
    const Tokenizer tokenizer = load_files({{"tokenizer.json", file}, {"tokenizer_config.json", config}});
    return tokenizer.encode({"film good the"}, {.max_length = 4, .truncation = truncation}).ids;
  };

  EXPECT_EQ(EncodeOptions{}.truncation, Truncation::automatic);  // quantize judges what classify reads
  EXPECT_THAT(cut("{}", Truncation::automatic), ElementsAre(1, 4, 5, 2));
  EXPECT_THAT(cut(R"({"truncation_side": "left"})", Truncation::automatic), ElementsAre(1, 5, 11, 2));
  EXPECT_THAT(cut(R"({"truncation_side": "left"})", Truncation::right), ElementsAre(1, 4, 5, 2));
}

TEST(TokenizerLoad, KnowsWhetherTheModelIsGivenTypes) {
  const std::string file = bert_json().dump();
  const auto has = [&file](const char* config) {
    return load_files({{"tokenizer.json", file}, {"tokenizer_config.json", config}}).has_type_ids();
  };

  EXPECT_TRUE(has("{}"));
  EXPECT_TRUE(has(R"({"tokenizer_class": "BertTokenizerFast"})"));
  EXPECT_FALSE(has(R"({"tokenizer_class": "DistilBertTokenizerFast"})"));
  EXPECT_FALSE(has(R"({"model_input_names": ["input_ids", "attention_mask"]})"));
  EXPECT_TRUE(has(R"({"tokenizer_class": "RobertaTokenizer", "model_input_names": ["input_ids", "token_type_ids"]})"));
}

TEST(TokenizerLoad, FindsThePadToken) {
  const std::string file = bert_json().dump();

  EXPECT_EQ(load_files({{"tokenizer.json", file}, {"tokenizer_config.json", R"({"pad_token": "[PAD]"})"}}).pad_id(), 3);
  EXPECT_EQ(load_files({{"tokenizer.json", file},
                        {"tokenizer_config.json", R"({"pad_token": {"content": "[PAD]", "special": true}})"}})
                .pad_id(),
            3);
}

TEST(TokenizerLoad, NamesAMissingFile) { EXPECT_EQ(error_of_loading({{"readme", ""}}), ErrorCode::not_found); }

TEST(TokenizerLoad, RefusesDamagedFiles) {
  for (const char* text :
       {"", "{", "[]", "{\"model\": 3}", "{\"model\": {}}", "{\"model\": {\"type\": \"WordPiece\"}}", "\xFF"}) {
    EXPECT_EQ(error_of_loading({{"tokenizer.json", text}}), ErrorCode::bad_checkpoint) << text;
  }
}

TEST(TokenizerLoad, RefusesIdsThatDoNotFit) {
  Json document = bert_json();
  for (const Json& id : {Json(-1), Json(1e10), Json(4294967296), Json("7"), Json(1.5)}) {
    document["model"]["vocab"]["film"] = id;
    EXPECT_EQ(error_of_loading({{"tokenizer.json", document.dump()}}), ErrorCode::bad_checkpoint) << id;
  }
}

TEST(TokenizerLoad, NamesUnknownModels) {
  EXPECT_EQ(error_of_loading({{"tokenizer.json", R"({"model": {"type": "Mystery", "vocab": {}}})"}}),
            ErrorCode::unsupported_model);
}

TEST(TokenizerLoad, RefusesDropout) {
  const Json model{{"type", "BPE"}, {"dropout", 0.1}, {"vocab", {{"a", 0}}}, {"merges", Json::array()}};

  EXPECT_EQ(error_of_loading({{"tokenizer.json", tokenizer_json(model).dump()}}), ErrorCode::unsupported_model);
}

TEST(TokenizerLoad, RefusesAVocabularyWhoseClassIsUnknown) {
  EXPECT_EQ(error_of_loading({{"vocab.txt", "[UNK]\n[CLS]\n[SEP]\n"},
                              {"tokenizer_config.json", R"({"tokenizer_class": "BertJapaneseTokenizer"})"}}),
            ErrorCode::unsupported_model);
}

TEST(TokenizerLoad, TakesLinesOfAVocabularyWithAnyEnd) {
  const Tokenizer tokenizer = load_files({{"vocab.txt", "[UNK]\r\n[CLS]\n[SEP]\r[PAD]\n[MASK]\nfilm"}});

  EXPECT_THAT(ids(tokenizer, "Film"), ElementsAre(1, 5, 2));
}

TEST(TokenizerLoad, PutsTheClassSettingsOverTheNormalizer) {
  const std::string file = bert_json().dump();
  const char* cased = R"({"tokenizer_class": "BertTokenizer", "do_lower_case": false})";

  EXPECT_THAT(plain_ids(load_files({{"tokenizer.json", file}, {"tokenizer_config.json", cased}}), "Film"),
              ElementsAre(0));
  EXPECT_THAT(plain_ids(load_files({{"tokenizer.json", file}}), "Film"), ElementsAre(4));
}

}  // namespace
}  // namespace tastevin::tokenizer
