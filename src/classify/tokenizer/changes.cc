#include "classify/tokenizer/changes.h"

namespace tastevin::tokenizer {
namespace {

/// The sources of a text, code point by code point.
class SourceReader {
 public:
  explicit SourceReader(const AlignedText& text) : text_(text) {
    if (!text.sources.empty()) last_ = {text.sources[0].begin, text.sources[0].begin};
  }

  Span last() const { return last_; }

  Span next() {
    if (at_ >= text_.text.size()) return last_;
    last_ = text_.sources[at_];
    at_ += utf8::decode(text_.text, at_).length;
    return last_;
  }

  void skip(std::int32_t count) {
    for (; count > 0; --count) next();
  }

 private:
  const AlignedText& text_;
  std::size_t at_ = 0;
  Span last_;
};

}  // namespace

void apply_changes(const AlignedText& from, std::span<const Change> changes, AlignedText& to) {
  if (from.alignment == Alignment::dropped) {
    for (const Change& change : changes) utf8::append(to.text, change.code_point);
    return;
  }
  SourceReader sources(from);
  for (const Change& change : changes) {
    to.append(change.code_point, change.count > 0 ? sources.last() : sources.next());
    sources.skip(-change.count);
  }
}

}  // namespace tastevin::tokenizer
