#include "classify/tokenizer/grapheme.h"

#include <algorithm>
#include <cstdint>

#include "base/utf8.h"
#include "classify/tokenizer/grapheme_tables.h"

namespace tastevin::tokenizer {
namespace {

using grapheme_tables::Class;
using grapheme_tables::kRanges;

Class class_of(char32_t code_point) {
  const auto range = std::ranges::upper_bound(kRanges, code_point, {}, &grapheme_tables::Range::first);
  if (range == kRanges.begin() || (range - 1)->last < code_point) return Class::other;
  return (range - 1)->kind;
}

bool is_control(Class kind) {
  return kind == Class::control || kind == Class::carriage_return || kind == Class::line_feed;
}

bool is_extend(Class kind) {
  return kind == Class::extend || kind == Class::conjunct_extend || kind == Class::conjunct_linker;
}

bool joins_any(Class kind) { return is_extend(kind) || kind == Class::joiner || kind == Class::spacing_mark; }

/// What of a cluster decides whether the next code point belongs to it.
class Cluster {
 public:
  explicit Cluster(Class first) { take(first); }

  bool goes_on_with(Class next) const {
    if (last_ == Class::carriage_return && next == Class::line_feed) return true;
    if (is_control(last_) || is_control(next)) return false;
    if (joins_any(next) || last_ == Class::prepend) return true;
    return hangul_goes_on_with(next) || (conjunct_ == Conjunct::linked && next == Class::consonant) ||
           (emoji_ == Emoji::joined && next == Class::pictograph) || (odd_regionals_ && next == Class::regional);
  }

  void take(Class kind) {
    take_conjunct(kind);
    take_emoji(kind);
    odd_regionals_ = kind == Class::regional && !odd_regionals_;
    last_ = kind;
  }

 private:
  enum class Conjunct : std::uint8_t { none, consonant, linked };
  enum class Emoji : std::uint8_t { none, pictograph, joined };

  bool hangul_goes_on_with(Class next) const {
    switch (last_) {
      case Class::hangul_l:
        return next == Class::hangul_l || next == Class::hangul_v || next == Class::hangul_lv ||
               next == Class::hangul_lvt;
      case Class::hangul_lv:
      case Class::hangul_v:
        return next == Class::hangul_v || next == Class::hangul_t;
      case Class::hangul_lvt:
      case Class::hangul_t:
        return next == Class::hangul_t;
      default:
        return false;
    }
  }

  void take_conjunct(Class kind) {
    if (kind == Class::consonant) {
      conjunct_ = Conjunct::consonant;
    } else if (kind == Class::conjunct_linker && conjunct_ != Conjunct::none) {
      conjunct_ = Conjunct::linked;
    } else if (kind != Class::conjunct_extend && kind != Class::joiner) {
      conjunct_ = Conjunct::none;
    }
  }

  void take_emoji(Class kind) {
    if (kind == Class::pictograph) {
      emoji_ = Emoji::pictograph;
    } else if (kind == Class::joiner && emoji_ == Emoji::pictograph) {
      emoji_ = Emoji::joined;
    } else if (!is_extend(kind) || emoji_ == Emoji::joined) {
      emoji_ = Emoji::none;
    }
  }

  Class last_ = Class::other;
  Conjunct conjunct_ = Conjunct::none;
  Emoji emoji_ = Emoji::none;
  bool odd_regionals_ = false;
};

}  // namespace

std::size_t end_of_grapheme(std::string_view text, std::size_t at) {
  utf8::Decoded decoded = utf8::decode(text, at);
  at += decoded.length;
  Cluster cluster(class_of(decoded.code_point));
  while (at < text.size()) {
    decoded = utf8::decode(text, at);
    const Class next = class_of(decoded.code_point);
    if (!cluster.goes_on_with(next)) break;
    cluster.take(next);
    at += decoded.length;
  }
  return at;
}

}  // namespace tastevin::tokenizer
