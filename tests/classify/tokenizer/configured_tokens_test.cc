// Added tokens of a folder: tokenizer.json, what stands beside it, and the class. `make oracle-test` compares random
// folders with the reference (tests/oracle/tokenizer_settings_test.py).

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "classify/tokenizer/small_tokenizer.h"
#include "support/temporary_folder.h"

namespace tastevin::tokenizer {
namespace {

using testing::ElementsAre;

constexpr const char* kWords = "[UNK] [CLS] [SEP] [PAD] [MASK] a b user @ [ ] mask new x";

std::string file(const Json& added_tokens = Json::array()) {
  return tokenizer_json(word_piece(kWords), {{"normalizer", {{"type", "BertNormalizer"}, {"lowercase", true}}},
                                             {"pre_tokenizer", {{"type", "BertPreTokenizer"}}},
                                             {"added_tokens", added_tokens}})
      .dump();
}

Ids of(std::map<std::string, std::string> files, std::string_view text) {
  files.emplace("tokenizer.json", file());
  return plain_ids(load_files(files), text);
}

TEST(ConfiguredTokens, AreThoseOfTheClassUnlessNamed) {
  EXPECT_THAT(of({}, "a [MASK]"), ElementsAre(5, 9, 11, 10));
  EXPECT_THAT(of({{"tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})"}}, "a [MASK]"),
              ElementsAre(5, 4));
  EXPECT_THAT(of({{"tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer", "mask_token": null})"}}, "[MASK]"),
              ElementsAre(9, 11, 10));
}

TEST(ConfiguredTokens, HaveAdditionalOnes) {
  EXPECT_THAT(of({{"tokenizer_config.json", R"({"additional_special_tokens": ["@user"]})"}}, "a @user"),
              ElementsAre(5, 14));
  EXPECT_THAT(of({{"tokenizer_config.json", R"({"extra_special_tokens": {"user_token": "@user"}})"}}, "a @user"),
              ElementsAre(5, 14));
  EXPECT_THAT(of({{"special_tokens_map.json", R"({"additional_special_tokens": ["@user"]})"},
                  {"tokenizer_config.json", R"({"additional_special_tokens": ["[NEW]"]})"}},
                 "@user [NEW]"),
              ElementsAre(15, 14));
}

// It was looked for among the named ones only, and read as ordinary: normalized, so that [new] was it too.
TEST(ConfiguredTokens, OfTheOldListAreSpecialWhereTheAdditionalOnesNameThem) {
  const std::map<std::string, std::string> files{
      {"added_tokens.json", R"({"[NEW]": 14})"},
      {"special_tokens_map.json", R"({"additional_special_tokens": ["[NEW]"]})"}};
  EXPECT_THAT(of(files, "[NEW]"), ElementsAre(14));
  EXPECT_THAT(of(files, "[new]"), ElementsAre(9, 12, 10));
}

TEST(ConfiguredTokens, HaveTheFlagsOfTheDecoder) {
  const Json plain = Json::array({added_token(14, "@X")});
  const std::string decoder =
      R"({"added_tokens_decoder": {"14": {"content": "@X", "single_word": true, "special": true}}})";
  EXPECT_THAT(of({{"tokenizer.json", file(plain)}}, "a@X"), ElementsAre(5, 14));
  EXPECT_THAT(of({{"tokenizer.json", file(plain)}, {"tokenizer_config.json", decoder}}, "a@X"), ElementsAre(5, 8, 13));
}

// They were looked for where the decoder said; values of AutoTokenizer (transformers 4.57.6, tokenizers 0.22.2).
TEST(ConfiguredTokens, AreLookedForWhereTheFirstSpecialOneIs) {
  const auto asked = [](const Json& flags, const Json& of_decoder) {
    Json token = {{"content", "@X"}, {"special", false}, {"normalized", false}};
    token.update(of_decoder);
    return of({{"tokenizer.json", file(Json::array({added_token(14, "@X", flags)}))},
               {"tokenizer_config.json", Json{{"added_tokens_decoder", {{"14", token}}}}.dump()}},
              "@x");
  };
  const Json normalized{{"normalized", true}};
  EXPECT_THAT(asked({{"special", true}}, normalized), ElementsAre(8, 13));
  EXPECT_THAT(asked({{"special", false}}, normalized), ElementsAre(14));
  EXPECT_THAT(asked({{"special", false}, {"normalized", true}}, {{"special", true}}), ElementsAre(14));
}

// The class's flags went over the decoder's, though tokenizer.json has had them: the reference takes none twice.
TEST(ConfiguredTokens, AreNotTakenBackByTheClass) {
  EXPECT_THAT(of({{"tokenizer.json", file(Json::array({added_token(4, "[MASK]", {{"lstrip", true}})}))},
                  {"tokenizer_config.json", R"({"tokenizer_class": "AlbertTokenizer", "added_tokens_decoder":
                      {"4": {"content": "[MASK]", "single_word": true, "special": true}}})"}},
                 "a[MASK]"),
              ElementsAre(5, 9, 11, 10));
}

TEST(ConfiguredTokens, AreNotThoseOfTheMapBesideADecoder) {
  const std::string map = R"({"mask_token": "[MASK]"})";
  EXPECT_THAT(of({{"special_tokens_map.json", map}}, "[MASK]"), ElementsAre(4));
  EXPECT_THAT(
      of({{"special_tokens_map.json", map}, {"tokenizer_config.json", R"({"added_tokens_decoder": {}})"}}, "[MASK]"),
      ElementsAre(9, 11, 10));
}

TEST(ConfiguredTokens, GetTheIdsOfTheOldList) {
  std::string vocabulary;
  for (const char* word : {"[UNK]", "[CLS]", "[SEP]", "[PAD]", "a"}) vocabulary += std::string(word) + "\n";
  EXPECT_THAT(plain_ids(load_files({{"vocab.txt", vocabulary}, {"added_tokens.json", R"({"[MASK]": 6, "[NEW]": 5})"}}),
                        "a[NEW][MASK]"),
              ElementsAre(4, 5, 6));
}

// A class names a mask that a small vocabulary has not, and the model has no row for it.
TEST(ConfiguredTokens, WithoutARowAreLeftOut) {
  const TemporaryFolder folder;
  folder.write("tokenizer.json",
               tokenizer_json(word_piece("[UNK] a"), {{"pre_tokenizer", {{"type", "BertPreTokenizer"}}}}).dump());
  folder.write("tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");

  EXPECT_THAT(plain_ids(Tokenizer::load(folder.path()), "a[MASK]"), ElementsAre(1, 5));
  const Tokenizer small = Tokenizer::load(folder.path(), 2);
  EXPECT_EQ(small.id_bound(), 2U);
  EXPECT_THAT(plain_ids(small, "a[MASK]"), ElementsAre(1, 0, 0, 0));
}

TEST(ConfiguredTokens, AreTextWhereTheyAreSplit) {
  const std::string config = R"({"tokenizer_class": "BertTokenizer", "split_special_tokens": true})";
  EXPECT_THAT(of({{"tokenizer_config.json", config}}, "a [MASK]"), ElementsAre(5, 9, 11, 10));
}

TEST(ConfiguredTokens, WithoutAClassAreThoseOfTheModelType) {
  EXPECT_THAT(of({{"config.json", R"({"model_type": "bert"})"}}, "[MASK]"), ElementsAre(4));
}

TEST(ConfiguredLimits, AreFoundUnderTheirOldNames) {
  EXPECT_EQ(load_files({{"tokenizer.json", file()}, {"tokenizer_config.json", R"({"max_len": 8})"}}).model_max_length(),
            8U);
  const Json truncated = tokenizer_json(word_piece(kWords), {{"truncation", {{"direction", "Left"}, {"max_length", 2}}},
                                                             {"pre_tokenizer", {{"type", "BertPreTokenizer"}}}});
  EXPECT_THAT(ids(load_json(truncated), "a b x", {.max_length = 2}), ElementsAre(6, 13));
  EXPECT_THAT(ids(load_files({{"tokenizer.json", truncated.dump()},
                              {"tokenizer_config.json", R"({"truncation_side": "right"})"}}),
                  "a b x", {.max_length = 2}),
              ElementsAre(5, 6));
}

}  // namespace
}  // namespace tastevin::tokenizer
