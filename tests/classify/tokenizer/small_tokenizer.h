#pragma once

// Tokenizers that a test writes down in a few lines, and short ways to ask one.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "classify/tokenizer/tokenizer.h"
#include "support/files.h"

namespace tastevin::tokenizer {

using Ids = std::vector<std::int32_t>;
using Spans = std::vector<Span>;

inline const std::filesystem::path kSharedTokenizers =
    std::filesystem::path(TASTEVIN_SOURCE_DIR) / "../shared/tokenizers";
inline const std::filesystem::path kGoldenTokenizers =
    std::filesystem::path(TASTEVIN_SOURCE_DIR) / "tests/golden/tokenizer";

/// Loads a folder that holds these files, by name, and nothing else.
inline Tokenizer load_files(const std::map<std::string, std::string>& files) {
  const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
  std::string name = std::string(test.test_suite_name()) + "." + test.name();
  std::ranges::replace(name, '/', '_');
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / ("tastevin_" + name);
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  for (const auto& [file, content] : files) std::ofstream(folder / file, std::ios::binary) << content;
  Tokenizer tokenizer = Tokenizer::load(folder);
  std::filesystem::remove_all(folder);
  return tokenizer;
}

/// A whole tokenizer.json with this model and these other members, which are null or empty unless given.
inline Json tokenizer_json(Json model, const Json& members = Json::object()) {
  Json document = {{"version", "1.0"},          {"truncation", nullptr},
                   {"padding", nullptr},        {"added_tokens", Json::array()},
                   {"normalizer", nullptr},     {"pre_tokenizer", nullptr},
                   {"post_processor", nullptr}, {"decoder", nullptr},
                   {"model", std::move(model)}};
  document.update(members);
  return document;
}

inline Tokenizer load_json(const Json& document) { return load_files({{"tokenizer.json", document.dump()}}); }

/// Ids in the order of the words, which are separated by blanks.
inline Json numbered(std::string_view words) {
  Json vocabulary = Json::object();
  for (std::size_t begin = 0; begin <= words.size();) {
    const std::size_t end = std::min(words.find(' ', begin), words.size());
    vocabulary[std::string(words.substr(begin, end - begin))] = vocabulary.size();
    begin = end + 1;
  }
  return vocabulary;
}

inline Json word_piece(std::string_view words) {
  return {{"type", "WordPiece"},
          {"unk_token", "[UNK]"},
          {"continuing_subword_prefix", "##"},
          {"max_input_chars_per_word", 100},
          {"vocab", numbered(words)}};
}

inline Json added_token(int id, std::string_view content, const Json& flags = Json::object()) {
  Json token = {{"id", id},        {"content", content},  {"single_word", false}, {"lstrip", false},
                {"rstrip", false}, {"normalized", false}, {"special", true}};
  token.update(flags);
  return token;
}

inline Ids ids(const Tokenizer& tokenizer, std::string_view text, const EncodeOptions& options = {}) {
  return tokenizer.encode({.text = text, .pair = {}}, options).ids;
}

/// Without the special tokens of the template.
inline Ids plain_ids(const Tokenizer& tokenizer, std::string_view text) {
  return ids(tokenizer, text, {.special_tokens = false});
}

inline Spans spans(const Tokenizer& tokenizer, std::string_view text) {
  return tokenizer.encode({.text = text, .pair = {}}, {.special_tokens = false, .offsets = true}).offsets;
}

inline std::string repeated(std::string_view part, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

/// For tests that read one of the vocabularies in ../shared/tokenizers.
class SharedVocabulary : public testing::Test {
 protected:
  void SetUp() override { TASTEVIN_NEEDS_SHARED("tokenizers"); }

  static Tokenizer load(const char* name) { return Tokenizer::load(kSharedTokenizers / name); }
};

}  // namespace tastevin::tokenizer
