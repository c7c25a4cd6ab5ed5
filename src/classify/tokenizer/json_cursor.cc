#include "classify/tokenizer/json_cursor.h"

#include <charconv>

#include "base/ascii.h"
#include "base/error.h"
#include "base/utf8.h"

namespace tastevin::tokenizer {
namespace {

constexpr std::size_t kMaxDepth = 64;

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

bool is_number_char(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

}  // namespace

void JsonCursor::fail(const std::string& expected) const {
  throw Error(ErrorCode::bad_checkpoint, where_ + ": byte " + std::to_string(at_) + ": expected " + expected +
                                             ", found " +
                                             (at_ < text_.size() ? in_quotes(text_.substr(at_, 8)) : "the end"));
}

char JsonCursor::peek() {
  while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  return at_ < text_.size() ? text_[at_] : '\0';
}

void JsonCursor::enter(char open) {
  if (peek() != open) fail(std::string("'") + open + "'");
  ++at_;
  first_ = true;
}

bool JsonCursor::next_in(char close) {
  const char next = peek();
  if (next == close) {
    ++at_;
    first_ = false;
    return false;
  }
  if (!first_) {
    if (next != ',') fail(std::string("',' or '") + close + "'");
    ++at_;
  }
  first_ = false;
  return true;
}

bool JsonCursor::next_key(std::string_view& key) {
  if (!next_in('}')) return false;
  key = string();
  if (peek() != ':') fail("':'");
  ++at_;
  return true;
}

std::string_view JsonCursor::string() {
  if (peek() != '"') fail("a string");
  const std::size_t begin = ++at_;
  while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' && static_cast<std::uint8_t>(text_[at_]) >= 0x20)
    ++at_;
  if (at_ < text_.size() && text_[at_] == '"') return text_.substr(begin, at_++ - begin);
  return unescape(begin);
}

std::string_view JsonCursor::unescape(std::size_t begin) {
  unescaped_.assign(text_, begin, at_ - begin);
  while (at_ < text_.size() && text_[at_] != '"') {
    if (static_cast<std::uint8_t>(text_[at_]) < 0x20) fail("no control character in a string");
    if (text_[at_] == '\\') {
      ++at_;
      append_escape();
    } else {
      unescaped_.push_back(text_[at_++]);
    }
  }
  if (at_ >= text_.size()) fail("'\"'");
  ++at_;
  return unescaped_;
}

void JsonCursor::append_escape() {
  constexpr std::string_view kLetters = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  const char letter = at_ < text_.size() ? text_[at_] : '\0';
  if (const std::size_t known = kLetters.find(letter); known != std::string_view::npos) {
    ++at_;
    unescaped_.push_back(kMeanings[known]);
    return;
  }
  if (letter != 'u') fail("an escape");
  ++at_;
  char32_t unit = hex4();
  if (unit >= 0xD800 && unit < 0xDC00 && text_.substr(at_).starts_with("\\u")) {
    at_ += 2;
    const char32_t low = hex4();
    if (low < 0xDC00 || low > 0xDFFF) fail("the second half of a surrogate pair");
    unit = 0x10000 + ((unit - 0xD800) << 10U) + (low - 0xDC00);
  }
  if (unit >= 0xD800 && unit <= 0xDFFF) fail("the other half of a surrogate pair");
  utf8::append(unescaped_, unit);
}

char32_t JsonCursor::hex4() {
  std::uint16_t unit = 0;
  if (text_.size() - at_ < 4) fail("four hexadecimal digits");
  const char* begin = text_.data() + at_;
  const auto [stop, status] = std::from_chars(begin, begin + 4, unit, 16);
  if (status != std::errc() || stop != begin + 4) fail("four hexadecimal digits");
  at_ += 4;
  return unit;
}

std::string_view JsonCursor::number() {
  peek();
  const std::size_t begin = at_;
  while (at_ < text_.size() && is_number_char(text_[at_])) ++at_;
  if (at_ == begin) fail("a number");
  return text_.substr(begin, at_ - begin);
}

std::int64_t JsonCursor::integer() {
  const auto value = ascii::number<std::int64_t>(number());
  if (!value) fail("a whole number before this");
  return *value;
}

double JsonCursor::real() {
  const auto value = ascii::number<double>(number());
  if (!value) fail("a number before this");
  return *value;
}

void JsonCursor::skip_string() {
  ++at_;
  while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
  if (at_ >= text_.size()) fail("'\"'");
  ++at_;
}

std::string_view JsonCursor::raw_value() {
  peek();
  const std::size_t begin = at_;
  std::size_t depth = 0;
  do {
    const char next = peek();
    if (next == '"') {
      skip_string();
      continue;
    }
    if (next == '{' || next == '[') ++depth;
    if (depth > kMaxDepth) fail("at most 64 levels");
    if ((next == '}' || next == ']' || next == ',') && depth == 0) fail("a value");
    if (next == '}' || next == ']') --depth;
    if (next == '\0') fail("a value");
    ++at_;
    if (depth == 0 && next != '}' && next != ']') {  // a number or a word
      while (at_ < text_.size() && !is_blank(text_[at_]) && text_[at_] != ',' && text_[at_] != '}' && text_[at_] != ']')
        ++at_;
    }
  } while (depth > 0);
  first_ = false;
  return text_.substr(begin, at_ - begin);
}

void JsonCursor::expect_end() {
  if (peek() != '\0' || at_ < text_.size()) fail("the end");
}

}  // namespace tastevin::tokenizer
