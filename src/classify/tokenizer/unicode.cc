#include "classify/tokenizer/unicode.h"

#include <algorithm>
#include <span>

#include "base/utf8.h"

namespace tastevin::tokenizer::unicode {
namespace {

using unicode_tables::Composition;
using unicode_tables::Mapping;

// The arithmetic of Hangul syllables (Unicode 3.12).
constexpr char32_t kSyllables = 0xAC00;
constexpr char32_t kLeads = 0x1100;
constexpr char32_t kVowels = 0x1161;
constexpr char32_t kTails = 0x11A7;
constexpr char32_t kVowelCount = 21;
constexpr char32_t kTailCount = 28;
constexpr char32_t kLeadCount = 19;
constexpr char32_t kSyllableCount = kLeadCount * kVowelCount * kTailCount;

bool is_syllable(char32_t code_point) { return code_point - kSyllables < kSyllableCount; }

Expansion jamo(char32_t syllable) {
  const char32_t index = syllable - kSyllables;
  const char32_t tail = index % kTailCount;
  const char32_t vowel = index / kTailCount % kVowelCount;
  const char32_t lead = index / kTailCount / kVowelCount;
  return {{kLeads + lead, kVowels + vowel, kTails + tail}, tail == 0 ? 2U : 3U};
}

char32_t syllable(char32_t first, char32_t second) {
  if (first - kLeads < kLeadCount && second - kVowels < kVowelCount) {
    return kSyllables + ((first - kLeads) * kVowelCount + (second - kVowels)) * kTailCount;
  }
  const bool open = is_syllable(first) && (first - kSyllables) % kTailCount == 0;
  const bool tail = second > kTails && second < kTails + kTailCount;
  return open && tail ? first + (second - kTails) : 0;
}

Expansion look_up(std::span<const Mapping> table, const char32_t* pool, char32_t code_point) {
  const auto found = std::ranges::lower_bound(table, code_point, {}, &Mapping::code_point);
  if (found == table.end() || found->code_point != code_point) return Expansion(code_point);
  return Expansion(std::u32string_view(pool + found->offset, found->length));
}

}  // namespace

std::size_t end_of_space(std::string_view text, std::size_t begin) {
  while (begin < text.size()) {
    const utf8::Decoded decoded = utf8::decode(text, begin);
    if (!has(decoded.code_point, Flag::space)) break;
    begin += decoded.length;
  }
  return begin;
}

std::size_t start_of_space(std::string_view text, std::size_t end, std::size_t floor) {
  while (end > floor) {
    const std::size_t last = utf8::start_of_last(text, end, floor);
    if (!has(utf8::decode(text, last).code_point, Flag::space)) break;
    end = last;
  }
  return end;
}

Expansion lowercase(char32_t code_point) {
  return look_up(unicode_tables::kLowercase, unicode_tables::kLowercasePool.data(), code_point);
}

Expansion canonical_decomposition(char32_t code_point) {
  if (is_syllable(code_point)) return jamo(code_point);
  return look_up(unicode_tables::kCanonical, unicode_tables::kCanonicalPool.data(), code_point);
}

Expansion compatibility_decomposition(char32_t code_point) {
  if (is_syllable(code_point)) return jamo(code_point);
  return look_up(unicode_tables::kCompatibility, unicode_tables::kCompatibilityPool.data(), code_point);
}

char32_t composition(char32_t first, char32_t second) {
  if (const char32_t composed = syllable(first, second); composed != 0) return composed;
  const std::uint64_t pair = std::uint64_t{first} << 21U | second;
  const auto& table = unicode_tables::kCompositions;
  const auto found = std::ranges::lower_bound(table, pair, {}, &Composition::pair);
  return found == table.end() || found->pair != pair ? 0 : found->composite;
}

}  // namespace tastevin::tokenizer::unicode
