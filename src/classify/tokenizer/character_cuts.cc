#include "classify/tokenizer/character_cuts.h"

#include "classify/tokenizer/scratch.h"
#include "classify/tokenizer/unicode.h"

namespace tastevin::tokenizer {
namespace {

using unicode::Flag;

/// Calls `visit(begin, code point)` for each code point of the piece.
template <class Visit>
void each_code_point(const AlignedText& text, const Piece& piece, Visit&& visit) {
  for (std::size_t at = piece.begin; at < piece.end;) {
    const utf8::Decoded decoded = utf8::decode(text.text, at);
    visit(at, decoded.code_point);
    at += decoded.length;
  }
}

template <class Set>
void cut_at(PreTokenized& state, Scratch& scratch, Set&& set, CutBehavior behavior) {
  refine(state, [&](const AlignedText& text, const Piece& piece, std::vector<Piece>& out) {
    scratch.matches.clear();
    match_code_points(text.text, piece.begin, piece.end, set, scratch.matches);
    cut_by(scratch.matches, behavior, out);
  });
}

enum class Class : std::uint8_t { space, word, other };

Class class_of(char32_t code_point) {
  const std::uint32_t flags = unicode::record(code_point).flags;
  if ((flags & Flag::word) != 0) return Class::word;
  return (flags & Flag::space) != 0 ? Class::space : Class::other;
}

void cut_runs(const AlignedText& text, const Piece& piece, std::vector<Piece>& out) {
  Class last = Class::space;
  each_code_point(text, piece, [&](std::size_t at, char32_t code_point) {
    const Class current = class_of(code_point);
    if (current == last) return;
    if (last != Class::space) out.back().end = at;
    if (current != Class::space) out.push_back({at, piece.end});
    last = current;
  });
}

void cut_scripts(const AlignedText& text, const Piece& piece, std::vector<Piece>& out) {
  std::uint8_t last = 0;
  each_code_point(text, piece, [&](std::size_t at, char32_t code_point) {
    const std::uint8_t script = unicode::record(code_point).script;
    if (script == 0 || script == last) return;
    if (last != 0) out.back().end = at;
    out.push_back({at, piece.end});
    last = script;
  });
}

}  // namespace

bool CharacterCut::is_space(char32_t code_point) { return unicode::has(code_point, Flag::space); }
bool CharacterCut::is_punctuation(char32_t code_point) { return unicode::has(code_point, Flag::punctuation); }
bool CharacterCut::is_numeric(char32_t code_point) { return unicode::has(code_point, Flag::numeric); }

void CharacterCut::apply(PreTokenized& state, Scratch& scratch) const { cut_at(state, scratch, set_, behavior_); }

void Whitespace::apply(PreTokenized& state, Scratch& /*scratch*/) const { refine(state, cut_runs); }

void CharDelimiterSplit::apply(PreTokenized& state, Scratch& scratch) const {
  cut_at(state, scratch, [this](char32_t c) { return c == delimiter_; }, CutBehavior::removed);
}

void UnicodeScripts::apply(PreTokenized& state, Scratch& /*scratch*/) const { refine(state, cut_scripts); }

void FixedLength::apply(PreTokenized& state, Scratch& /*scratch*/) const {
  refine(state, [this](const AlignedText& text, const Piece& piece, std::vector<Piece>& out) {
    std::size_t count = 0;
    each_code_point(text, piece, [&](std::size_t at, char32_t /*code_point*/) {
      if (count++ % length_ != 0) return;
      if (at > piece.begin) out.back().end = at;
      out.push_back({at, piece.end});
    });
  });
}

}  // namespace tastevin::tokenizer
