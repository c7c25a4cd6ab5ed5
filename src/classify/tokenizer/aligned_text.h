#pragma once

// A text on its way through normalizers and pre-tokenizers, with the place in the original that each byte came from
// when that is asked. `Rewriter` makes the next state of such a text; it moves alignments as the reference does.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/utf8.h"
#include "flow/flow.h"

namespace tastevin::tokenizer {

enum class Alignment : std::uint8_t { dropped, tracked };

struct AlignedText {
  std::string text;           // valid UTF-8
  std::vector<Span> sources;  // one a byte, in code points of the original; empty when dropped
  Alignment alignment = Alignment::dropped;

  void clear() {
    text.clear();
    sources.clear();
  }

  void append(char32_t code_point, Span source) {
    utf8::append(text, code_point);
    if (alignment == Alignment::tracked) sources.resize(text.size(), source);
  }

  /// Appends `bytes`, all of which came from `source`.
  void append(std::string_view bytes, Span source) {
    text.append(bytes);
    if (alignment == Alignment::tracked) sources.resize(text.size(), source);
  }

  /// Appends bytes begin..end of `other`.
  void append(const AlignedText& other, std::size_t begin, std::size_t end);

  /// Appends original text whose first code point is number `at`.
  void append_original(std::string_view original, std::uint32_t at);

  void resize(std::size_t bytes) {
    text.resize(bytes);
    if (alignment == Alignment::tracked) sources.resize(bytes);
  }
  void erase_front(std::size_t bytes);

  /// What byte `at` came from; an empty span when the alignment is dropped.
  Span source_at(std::size_t at) const { return alignment == Alignment::tracked ? sources[at] : Span{}; }

  /// What bytes begin..end came from; they must not be empty, nor the alignment dropped.
  Span source_of(std::size_t begin, std::size_t end) const { return {sources[begin].begin, sources[end - 1].end}; }
};

/// Appends `prefix` and bytes begin..end (not none) of `from`; the prefix has the source of the first code point.
void append_prefixed(const AlignedText& from, std::size_t begin, std::size_t end, std::string_view prefix,
                     AlignedText& to);

/// Reads bytes begin..end of one text code point by code point and appends to another.
class Rewriter {
 public:
  /// What is inserted before anything was read gets an empty source where the range begins.
  Rewriter(const AlignedText& from, std::size_t begin, std::size_t end, AlignedText& to);

  bool done() const { return at_ >= end_; }
  char32_t peek() const { return utf8::decode(from_.text, at_).code_point; }

  /// Appends `code_point` in place of the next one, whose source it gets.
  void replace(char32_t code_point);
  /// Appends `code_point` with the source of the byte read last.
  void insert(char32_t code_point);
  void keep() { replace(peek()); }
  void skip();

 private:
  const AlignedText& from_;
  std::size_t at_;
  std::size_t end_;
  AlignedText& to_;
  Span last_;
};

}  // namespace tastevin::tokenizer
