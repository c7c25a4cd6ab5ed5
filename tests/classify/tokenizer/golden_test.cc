// What Hugging Face `tokenizers` answered (tests/golden/tokenizer, written by tools/tokenizer_oracle) against what we
// answer: ids, offsets, type ids, special mask.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "base/utf8.h"
#include "classify/tokenizer/tokenizer.h"
#include "support/files.h"

namespace tastevin::tokenizer {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(TASTEVIN_SOURCE_DIR) / "tests/golden/tokenizer";
const fs::path kShared = fs::path(TASTEVIN_SOURCE_DIR) / "../shared";
constexpr int kFailuresShown = 5;

std::vector<std::string> read_lines(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> folders_in(const fs::path& parent) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(parent)) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

std::vector<std::string> swept_folders() {
  std::vector<std::string> names = folders_in(kGolden / "components");
  std::erase_if(names, [](const std::string& name) { return !fs::exists(kGolden / "components" / name / "sweep"); });
  return names;
}

bool names_shared_data(const Json& test_case) { return test_case.contains("line"); }

std::string text_of(const Json& test_case) {
  if (!names_shared_data(test_case)) return test_case.at("text");
  static std::map<std::string, std::vector<std::string>> files;
  const std::string name = test_case["line"][0];
  if (!files.contains(name)) files[name] = read_lines(kShared / "data" / name);
  return files[name].at(test_case["line"][1].get<std::size_t>());
}

PairTruncation pair_truncation_of(const Json& test_case) {
  const std::string strategy = test_case.value("strategy", "longest_first");
  if (strategy == "only_first") return PairTruncation::only_first;
  return strategy == "only_second" ? PairTruncation::only_second : PairTruncation::longest_first;
}

EncodeOptions options_of(const Json& test_case) {
  EncodeOptions options;
  options.max_length = test_case.value("max_length", std::size_t{0});
  options.truncation = test_case.value("truncation", "right") == "left" ? Truncation::left : Truncation::right;
  options.pair_truncation = pair_truncation_of(test_case);
  options.special_tokens = test_case.value("special_tokens", true);
  return options;
}

std::string digits(const std::vector<std::uint8_t>& values) {
  std::string out;
  for (const std::uint8_t value : values) out += std::to_string(value);
  return out;
}

Json answer(const Encoding& encoding) {
  Json offsets = Json::array();
  for (const Span& span : encoding.offsets) {
    offsets.push_back(span.begin);
    offsets.push_back(span.end);
  }
  return {{"ids", encoding.ids},
          {"offsets", offsets},
          {"types", digits(encoding.type_ids)},
          {"special", digits(encoding.special)}};
}

Json only_answer(const Json& object) {
  Json expected;
  for (const char* key : {"ids", "offsets", "types", "special"}) expected[key] = object.at(key);
  return expected;
}

/// One answer, or the answers of the windows.
Json expected_answer(const Json& test_case) {
  return test_case.contains("windows") ? test_case["windows"] : only_answer(test_case);
}

/// Encodes with and without offsets, which are two paths through the tokenizer, and answers with the offsets.
Encoding encode_both_ways(const Tokenizer& tokenizer, const Text& text, EncodeOptions options) {
  options.offsets = false;
  const Encoding bare = tokenizer.encode(text, options);
  options.offsets = true;
  Encoding encoding = tokenizer.encode(text, options);
  EXPECT_TRUE(bare.ids == encoding.ids && bare.type_ids == encoding.type_ids && bare.special == encoding.special)
      << quoted(text.text) << ": without offsets it is " << Json(bare.ids);
  return encoding;
}

Json encode_windows(const Tokenizer& tokenizer, const Text& text, EncodeOptions options, std::size_t stride) {
  options.offsets = true;
  Json windows = Json::array();
  for (const Encoding& window : tokenizer.encode_windows(text, options, stride)) windows.push_back(answer(window));
  return windows;
}

Json encode_case(const Tokenizer& tokenizer, const Json& test_case) {
  const std::string text = text_of(test_case);
  const std::string pair = test_case.value("pair", "");
  Text given{.text = text, .pair = std::nullopt};
  if (test_case.contains("pair")) given.pair = pair;
  if (test_case.contains("windows")) {
    return encode_windows(tokenizer, given, options_of(test_case), test_case.at("stride").get<std::size_t>());
  }
  return answer(encode_both_ways(tokenizer, given, options_of(test_case)));
}

/// Counts the cases that differ and shows the first few.
void expect_golden(const Tokenizer& tokenizer, const std::vector<std::string>& lines) {
  int failures = 0;
  for (const std::string& line : lines) {
    const Json test_case = parse_json(line, "golden case");
    const Json found = encode_case(tokenizer, test_case);
    if (found == expected_answer(test_case) || ++failures > kFailuresShown) continue;
    ADD_FAILURE() << "case     " << line.substr(0, 2000) << "\nexpected " << expected_answer(test_case) << "\nfound    "
                  << found;
  }
  EXPECT_EQ(failures, 0) << "of " << lines.size() << " cases";
}

std::array<std::uint32_t, 256> crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1U) != 0 ? 0xEDB88320U ^ (value >> 1U) : value >> 1U;
    table[byte] = value;
  }
  return table;
}

/// CRC-32 as zlib has it.
class Checksum {
 public:
  template <class Value>
  void add(const Value* values, std::size_t count) {
    static const std::array<std::uint32_t, 256> table = crc_table();
    const auto* bytes = reinterpret_cast<const unsigned char*>(values);
    for (std::size_t i = 0; i < count * sizeof(Value); ++i)
      state_ = table[(state_ ^ bytes[i]) & 0xFFU] ^ (state_ >> 8U);
  }

  void add(const Encoding& encoding) {
    const auto count = static_cast<std::uint32_t>(encoding.ids.size());
    add(&count, 1);
    add(encoding.ids.data(), count);
    add(encoding.type_ids.data(), count);
    add(encoding.special.data(), count);
    add(encoding.offsets.data(), count);
  }

  std::uint32_t value() const { return ~state_; }

 private:
  std::uint32_t state_ = 0xFFFFFFFF;
};

std::vector<char32_t> swept_code_points() {
  std::vector<char32_t> points;
  for (char32_t point = 0; point < 0xD800; ++point) points.push_back(point);
  for (char32_t point = 0xE000; point < 0x34000; ++point) points.push_back(point);
  for (char32_t point = 0xE0000; point < 0xE1000; ++point) points.push_back(point);
  return points;
}

std::string sweep_text(char32_t point) {
  std::string text;
  utf8::append(text, point);
  text += " a";
  utf8::append(text, point);
  return text + "b";
}

void expect_sweep(const Tokenizer& tokenizer, const std::vector<std::string>& checksums) {
  const std::vector<char32_t> points = swept_code_points();
  ASSERT_EQ(checksums.size(), (points.size() + 255) / 256);
  std::vector<std::string> differing;
  for (std::size_t block = 0; block < checksums.size(); ++block) {
    Checksum checksum;
    const std::size_t end = std::min(points.size(), block * 256 + 256);
    for (std::size_t i = block * 256; i < end; ++i)
      checksum.add(encode_both_ways(tokenizer, {.text = sweep_text(points[i]), .pair = {}}, {}));
    if (checksum.value() != std::stoul(checksums[block], nullptr, 16)) {
      differing.push_back("U+" + std::to_string(static_cast<std::uint32_t>(points[block * 256])));
    }
  }
  EXPECT_EQ(differing, std::vector<std::string>{}) << "decimal first code points of the blocks that differ";
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::ranges::replace(name, '-', '_');
  return name;
}

class Components : public testing::TestWithParam<std::string> {};

TEST_P(Components, AnswerAsTheOracle) {
  const fs::path folder = kGolden / "components" / GetParam();

  expect_golden(Tokenizer::load(folder), read_lines(folder / "cases.jsonl"));
}

INSTANTIATE_TEST_SUITE_P(Golden, Components, testing::ValuesIn(folders_in(kGolden / "components")), test_name);

class SweptComponents : public testing::TestWithParam<std::string> {};

TEST_P(SweptComponents, TreatEveryCodePointAsTheOracle) {
  const fs::path folder = kGolden / "components" / GetParam();

  expect_sweep(Tokenizer::load(folder), read_lines(folder / "sweep"));
}

INSTANTIATE_TEST_SUITE_P(Golden, SweptComponents, testing::ValuesIn(swept_folders()), test_name);

class VocabularyFolders : public testing::TestWithParam<std::string> {};

TEST_P(VocabularyFolders, AnswerAsTheFastClassOfTransformers) {
  const fs::path folder = kGolden / "folders" / GetParam();

  expect_golden(Tokenizer::load(folder), read_lines(folder / "cases.jsonl"));
}

INSTANTIATE_TEST_SUITE_P(Golden, VocabularyFolders, testing::ValuesIn(folders_in(kGolden / "folders")), test_name);

class RealVocabularies : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { TASTEVIN_NEEDS_SHARED("tokenizers"); }

  Tokenizer load() const { return Tokenizer::load(kShared / "tokenizers" / GetParam()); }
};

TEST_P(RealVocabularies, AnswerAsTheOracle) {
  expect_golden(load(), read_lines(kGolden / "real" / (GetParam() + ".jsonl")));
}

TEST_P(RealVocabularies, TreatEveryCodePointAsTheOracle) {
  expect_sweep(load(), read_lines(kGolden / "real" / (GetParam() + ".sweep")));
}

INSTANTIATE_TEST_SUITE_P(Golden, RealVocabularies, testing::Values("bert-uncased", "gpt2", "deberta-v3"), test_name);

}  // namespace
}  // namespace tastevin::tokenizer
