#include "classify/tokenizer/regex_pattern.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <span>

#include "base/error.h"
#include "classify/tokenizer/regex_classes.h"

namespace tastevin::tokenizer {
namespace {

using regex_classes::Difference;
using regex_classes::kDifferences;
using regex_classes::kRanges;
using regex_classes::Range;

enum class Sign : std::uint8_t { positive, negative };

const Difference* find_difference(std::string_view name) {
  const auto found = std::ranges::lower_bound(kDifferences, name, {}, &Difference::name);
  return found != kDifferences.end() && found->name == name ? &*found : nullptr;
}

/// How Oniguruma compares names: case, blanks, '-' and '_' do not count.
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c == ' ' || c == '-' || c == '_') continue;
    plain.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return plain;
}

std::string spell(std::span<const Range> ranges) {
  std::string out;
  for (const auto& [first, last] : ranges) {
    std::array<char, 40> text{};
    const int length = std::snprintf(text.data(), text.size(), "\\x{%X}-\\x{%X}", static_cast<unsigned>(first),
                                     static_cast<unsigned>(last));
    out.append(text.data(), static_cast<std::size_t>(length));
  }
  return out;
}

/// A bracket with the reference's members of the class that `base` (legal inside a bracket) names.
std::string bracket(const Difference& difference, const std::string& base, Sign sign) {
  const std::span<const Range> all(kRanges);
  const auto added = all.subspan(difference.begin, static_cast<std::size_t>(difference.middle - difference.begin));
  const auto removed = all.subspan(difference.middle, static_cast<std::size_t>(difference.end - difference.middle));
  std::string out = sign == Sign::negative ? "[^" : "[";
  out += spell(added);
  if (!removed.empty()) {
    out += "[" + base + "&&[^" + spell(removed) + "]]";
  } else if (difference.known) {
    out += base;
  }
  return out + "]";
}

/// Oniguruma gives \w another meaning outside a bracket than inside: U+00B2 and five more.
struct BackslashClass {
  char letter;
  std::string_view outside;
  std::string_view inside;
};
constexpr std::array kBackslashClasses{BackslashClass{'w', "\\w", "[:word:]"}, BackslashClass{'d', "\\d", "[:digit:]"},
                                       BackslashClass{'s', "\\s", "[:space:]"}};

class PatternExpander {
 public:
  PatternExpander(std::string_view pattern, const std::string& where) : pattern_(pattern), where_(where) {}

  std::string expand() {
    while (at_ < pattern_.size()) {
      if (depth_ == 0) {
        outside();
      } else {
        inside();
      }
    }
    return std::move(out_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < pattern_.size() ? pattern_[at_ + ahead] : '\0'; }

  void copy(std::size_t count) {
    count = std::min(count, pattern_.size() - at_);
    out_.append(pattern_.substr(at_, count));
    at_ += count;
  }

  [[noreturn]] void refuse(std::string_view what) const {
    throw Error(ErrorCode::unsupported_model, where_ + ": pattern " + in_quotes(pattern_) + " uses " +
                                                  std::string(what) + ", whose meaning depends on the Unicode version");
  }

  void outside() {
    if (peek() == '\\') {
      outside_escape();
    } else if (peek() == '[') {
      open_bracket();
    } else if (peek() == '(' && peek(1) == '?') {
      open_group();
    } else {
      copy(1);
    }
  }

  void inside() {
    if (peek() == '\\') {
      if (!class_escape()) copy(2);
    } else if (peek() == '[' && peek(1) == ':') {
      posix_bracket();
    } else if (peek() == '[') {
      open_bracket();
    } else {
      depth_ -= peek() == ']' ? std::size_t{1} : std::size_t{0};
      copy(1);
    }
  }

  /// A ']' that comes first is a member.
  void open_bracket() {
    ++depth_;
    copy(1);
    if (peek() == '^') copy(1);
    if (peek() == ']') copy(1);
  }

  void outside_escape() {
    const char letter = peek(1);
    if (letter == 'X' || letter == 'y' || letter == 'Y') refuse(pattern_.substr(at_, 2));
    if (letter == 'b' || letter == 'B') {
      word_boundary(letter == 'b' ? Sign::positive : Sign::negative);
    } else if (!class_escape()) {
      copy(2);
    }
  }

  /// \w, \d, \s, \p{..} and their negatives; false when the classes do not differ, or it is another escape.
  bool class_escape() {
    const char letter = peek(1);
    if (letter == 'p' || letter == 'P') return property();
    for (const auto& [lower, outside, inside] : kBackslashClasses) {
      const bool negative = letter == lower - 'a' + 'A';
      if (letter != lower && !negative) continue;
      const Difference* difference = find_difference(depth_ == 0 ? outside : inside);
      if (difference == nullptr) return false;
      put(bracket(*difference, std::string(inside), negative ? Sign::negative : Sign::positive));
      at_ += 2;
      return true;
    }
    return false;
  }

  bool property() {
    const std::size_t close = pattern_.find('}', at_);
    if (peek(2) != '{' || close == std::string_view::npos) return false;
    std::string_view name = pattern_.substr(at_ + 3, close - at_ - 3);
    const bool caret = name.starts_with('^');
    if (caret) name.remove_prefix(1);
    const Difference* difference = find_difference(plain_name(name));
    if (difference == nullptr || name.starts_with('[')) return false;
    const bool negative = caret != (peek(1) == 'P');
    put(bracket(*difference, "\\p{" + std::string(name) + "}", negative ? Sign::negative : Sign::positive));
    at_ = close + 1;
    return true;
  }

  void posix_bracket() {
    const std::size_t close = pattern_.find(":]", at_ + 2);
    if (close == std::string_view::npos) return open_bracket();
    std::string_view name = pattern_.substr(at_ + 2, close - at_ - 2);
    const Sign sign = name.starts_with('^') ? Sign::negative : Sign::positive;
    if (sign == Sign::negative) name.remove_prefix(1);
    const std::string base = "[:" + std::string(name) + ":]";
    const Difference* difference = find_difference(base);
    if (difference == nullptr) return copy(close + 2 - at_);
    put(bracket(*difference, base, sign));
    at_ = close + 2;
  }

  void word_boundary(Sign sign) {
    const Difference* difference = find_difference("\\w");
    if (difference == nullptr) return copy(2);
    const std::string word = bracket(*difference, "[:word:]", Sign::positive);
    const std::string_view after_word = sign == Sign::positive ? "(?!" : "(?=";
    const std::string_view after_other = sign == Sign::positive ? "(?=" : "(?!";
    out_.append("(?:(?<=").append(word).append(")").append(after_word).append(word).append(")|(?<!");
    out_.append(word).append(")").append(after_other).append(word).append("))");
    at_ += 2;
  }

  /// Outside a bracket a class is never folded by (?i); a bracket in its place would be.
  void put(const std::string& text) {
    const bool wrap = depth_ == 0 && ignores_case_;
    out_.append(wrap ? "(?-i:" : "").append(text).append(wrap ? ")" : "");
  }

  void open_group() {
    if (peek(2) == '#') {
      const std::size_t close = pattern_.find(')', at_);
      return copy(close == std::string_view::npos ? pattern_.size() : close + 1 - at_);
    }
    constexpr std::string_view kOptions = "imxWDSPCIL-";
    const std::size_t end = pattern_.find_first_not_of(kOptions, at_ + 2);
    const bool is_options = end != std::string_view::npos && (pattern_[end] == ':' || pattern_[end] == ')');
    if (is_options) {
      const std::string_view options = pattern_.substr(at_ + 2, end - at_ - 2);
      if (options.find_first_of("WDSP") != std::string_view::npos) refuse("(?" + std::string(options) + ")");
      ignores_case_ |= options.find('i') != std::string_view::npos;
    } else if (peek(2) == 'y' && peek(3) == '{') {
      refuse("(?y{..})");
    }
    copy(2);
  }

  std::string_view pattern_;
  const std::string& where_;
  std::string out_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;  // of brackets
  bool ignores_case_ = false;
};

}  // namespace

std::string expand_classes(std::string_view pattern, const std::string& where) {
  return PatternExpander(pattern, where).expand();
}

}  // namespace tastevin::tokenizer
