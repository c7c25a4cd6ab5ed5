#include "work/explain/units.h"

#include <algorithm>
#include <string_view>

#include "base/utf8.h"

namespace tastevin::occlusion {
namespace {

bool is_blank(char32_t code_point) {
  constexpr char32_t kIdeographicSpace = 0x3000;
  constexpr char32_t kNoBreakSpace = 0xA0;
  return code_point == U' ' || (code_point >= U'\t' && code_point <= U'\r') || code_point == kNoBreakSpace ||
         code_point == kIdeographicSpace;
}

bool ends_sentence(char32_t code_point) {
  return std::u32string_view(U".!?\u2026").find(code_point) != std::u32string_view::npos;
}

bool ends_sentence_without_a_blank(char32_t code_point) {
  return std::u32string_view(U"\n\u3002\uFF01\uFF1F").find(code_point) != std::u32string_view::npos;
}

/// A quote or bracket behind the full stop belongs to its sentence.
bool closes(char32_t code_point) {
  return std::u32string_view(U"\"')]}\u2019\u201D\u00BB\u300D\u300F\uFF09").find(code_point) !=
         std::u32string_view::npos;
}

struct Decoded {
  std::vector<char32_t> code_points;
  std::vector<std::size_t> bytes;  // where each begins, and the end of the text
};

Decoded decoded(std::string_view text) {
  Decoded all;
  for (std::size_t at = 0; at < text.size();) {
    const utf8::Decoded one = utf8::decode(text, at);
    all.code_points.push_back(one.code_point);
    all.bytes.push_back(at);
    at += one.length;
  }
  all.bytes.push_back(text.size());
  return all;
}

void append(std::size_t begin, std::size_t end, const Decoded& text, std::vector<Part>& parts) {
  while (begin < end && is_blank(text.code_points[begin])) ++begin;
  while (end > begin && is_blank(text.code_points[end - 1])) --end;
  if (begin < end) parts.push_back({begin, end, text.bytes[begin], text.bytes[end]});
}

std::vector<Part> sentences(const Decoded& text) {
  std::vector<Part> parts;
  std::size_t begin = 0;
  const std::size_t count = text.code_points.size();
  for (std::size_t i = 0; i < count; ++i) {
    const char32_t here = text.code_points[i];
    if (!ends_sentence(here) && !ends_sentence_without_a_blank(here)) continue;
    std::size_t end = i + 1;
    while (end < count && closes(text.code_points[end])) ++end;
    const bool before_a_blank = end == count || is_blank(text.code_points[end]);
    if (!ends_sentence_without_a_blank(here) && !before_a_blank) {
      i = end - 1;  // none of the marks ends a sentence
      continue;
    }
    append(begin, end, text, parts);
    begin = end;
    i = end - 1;
  }
  append(begin, count, text, parts);
  return parts;
}

}  // namespace

std::vector<Part> parts_of(const std::string& text, Unit unit, const Classifier& classifier) {
  const Decoded code_points = decoded(text);
  if (unit == Unit::sentence) return sentences(code_points);
  std::vector<Part> parts;
  for (const auto& [begin, end] : classifier.words(text)) append(begin, end, code_points, parts);
  return parts;
}

std::string without(const std::string& text, const Part& part, const std::string& mask) {
  std::string variant = text.substr(0, part.begin_byte);
  if (!mask.empty()) return variant.append(mask).append(text, part.end_byte);
  const std::size_t next = std::min(text.find_first_not_of(" \t\r\n", part.end_byte), text.size());
  variant.append(text, next);
  if (next == text.size()) variant.erase(variant.find_last_not_of(" \t\r\n") + 1);  // npos + 1 is 0
  return variant;
}

}  // namespace tastevin::occlusion
