#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "tastevin/bench.h"
#include "tastevin/text.h"

namespace tastevin {
namespace {

constexpr std::size_t kTexts = 512;

constexpr std::array<std::string_view, 24> kNouns{"story",   "camera",   "director", "cast",   "script",   "ending",
                                                  "music",   "dialogue", "drama",    "comedy", "thriller", "heroine",
                                                  "sequel",  "plot",     "audience", "scene",  "humour",   "suspense",
                                                  "romance", "villain",  "pace",     "film",   "picture",  "romp"};
constexpr std::array<std::string_view, 24> kAdjectives{
    "tender",   "clumsy",      "luminous",  "tedious", "witty",      "predictable", "haunting", "shallow",
    "graceful", "overlong",    "inventive", "bland",   "moving",     "chaotic",     "warm",     "forgettable",
    "sharp",    "sentimental", "restless",  "honest",  "mechanical", "dazzling",    "uneven",   "unsettling"};
constexpr std::array<std::string_view, 16> kVerbs{
    "carries", "betrays", "rescues",  "outlives",  "undermines", "charms",      "exhausts", "celebrates",
    "loses",   "finds",   "imitates", "surprises", "buries",     "illuminates", "outruns",  "forgives"};
constexpr std::array<std::string_view, 12> kLinks{"and",       "but",   "while",   "because",
                                                  "although",  ", yet", "as if",   ", which means that",
                                                  "even when", "until", "so that", "--"};

/// Weyl's sequence through a finalizer of SplitMix64 (Steele, Lea and Flood 2014): the same everywhere.
class Dice {
 public:
  std::size_t below(std::size_t bound) {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t bits = (state_ ^ (state_ >> 30U)) * 0xBF58476D1CE4E5B9U;
    bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EBU;
    return static_cast<std::size_t>((bits ^ (bits >> 31U)) % bound);
  }

  template <std::size_t N>
  std::string_view one_of(const std::array<std::string_view, N>& words) {
    return words[below(N)];
  }

 private:
  std::uint64_t state_ = 0;
};

/// "the tender story betrays a clumsy sequel"
void add_clause(Dice& dice, std::vector<std::string_view>& words) {
  words.insert(words.end(),
               {dice.below(2) == 0 ? "the" : "its", dice.one_of(kAdjectives), dice.one_of(kNouns), dice.one_of(kVerbs),
                dice.below(2) == 0 ? "a" : "every", dice.one_of(kAdjectives), dice.one_of(kNouns)});
}

std::string sentence(Dice& dice, std::size_t length) {
  std::vector<std::string_view> words;
  for (add_clause(dice, words); words.size() < length; add_clause(dice, words)) words.push_back(dice.one_of(kLinks));
  std::string text;
  for (std::size_t i = 0; i < length; ++i) text.append(i == 0 ? "" : " ").append(words[words.size() - length + i]);
  return text + " .";
}

/// Words and links of a sentence: 2 to 36, and 19 more often than either. Two dice of 18 sides.
std::size_t length(Dice& dice) { return 2 + dice.below(18) + dice.below(18); }

/// Not by work/tables: that loads Arrow, whose memory and threads would be among what is measured.
std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find('\t', begin), line.size());
    fields.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  return fields;
}

std::optional<std::size_t> text_column(std::string_view header) {
  const auto names = fields_of(header);
  for (const std::string_view wanted : kTextColumns) {
    const auto found = std::ranges::find(names, wanted);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  }
  return std::nullopt;
}

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || !std::filesystem::is_regular_file(path))
    throw Error(ErrorCode::not_found, "texts " + in_quotes(path.string(), 200) + ": no such file");
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (line.ends_with('\r')) line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

std::vector<std::string> generated_texts() {
  Dice dice;
  std::vector<std::string> texts;
  while (texts.size() < kTexts) {
    std::string text = sentence(dice, length(dice));
    if (std::ranges::find(texts, text) == texts.end()) texts.push_back(std::move(text));
  }
  return texts;
}

std::vector<std::string> read_texts(const std::filesystem::path& file) {
  std::vector<std::string> lines = lines_of(file);
  if (file.extension() != ".tsv" || lines.empty()) return lines;
  const auto column = text_column(lines.front());
  if (!column) {
    throw Error(ErrorCode::not_found, in_quotes(file.string(), 200) +
                                          ": expected a column sentence, text or content, found " +
                                          in_quotes(lines.front(), 100));
  }
  std::vector<std::string> texts;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto fields = fields_of(lines[i]);
    if (*column >= fields.size()) {
      throw Error(ErrorCode::invalid_argument, in_quotes(file.string(), 200) + ", line " + std::to_string(i + 1) +
                                                   ": expected " + std::to_string(*column + 1) + " columns, found " +
                                                   std::to_string(fields.size()));
    }
    texts.emplace_back(fields[*column]);
  }
  return texts;
}

}  // namespace tastevin
