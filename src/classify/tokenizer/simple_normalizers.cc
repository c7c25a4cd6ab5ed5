#include "classify/tokenizer/simple_normalizers.h"

#include "classify/tokenizer/byte_spelling.h"
#include "classify/tokenizer/scratch.h"
#include "classify/tokenizer/unicode.h"

namespace tastevin::tokenizer {
namespace {

using unicode::Flag;

/// Runs `step(rewriter)`, which handles one code point, over the whole text.
template <class Step>
void rewrite_each(AlignedText& text, Scratch& scratch, Step&& step) {
  rewrite(text, scratch, [&](AlignedText& result) {
    for (Rewriter rewriter(text, 0, text.text.size(), result); !rewriter.done();) step(rewriter);
  });
}

bool is_nmt_control(char32_t c) {
  return (c >= 0x01 && c <= 0x08) || c == 0x0B || (c >= 0x0E && c <= 0x1F) || c == 0x7F || c == 0x8F || c == 0x9F;
}

bool is_nmt_space(char32_t c) {
  return c == 0x09 || c == 0x0A || c == 0x0C || c == 0x0D || c == 0x1680 || (c >= 0x200B && c <= 0x200F) ||
         c == 0x2028 || c == 0x2029 || c == 0x2581 || c == 0xFEFF || c == 0xFFFD;
}

}  // namespace

void Lowercase::apply(AlignedText& text, Scratch& scratch) const {
  rewrite_each(text, scratch, [](Rewriter& rewriter) {
    const char32_t code_point = rewriter.peek();
    if (!unicode::has(code_point, Flag::has_lowercase)) {
      rewriter.replace(code_point);
      return;
    }
    const unicode::Expansion lower = unicode::lowercase(code_point);
    rewriter.replace(lower.view().front());
    for (const char32_t more : lower.view().substr(1)) rewriter.insert(more);
  });
}

void StripAccents::apply(AlignedText& text, Scratch& scratch) const {
  rewrite_each(text, scratch, [](Rewriter& rewriter) {
    unicode::has(rewriter.peek(), Flag::mark) ? rewriter.skip() : rewriter.keep();
  });
}

void Strip::apply(AlignedText& text, Scratch& /*scratch*/) const {
  const std::size_t begin = sides_.left ? unicode::end_of_space(text.text, 0) : 0;
  const std::size_t end = sides_.right ? unicode::start_of_space(text.text, text.text.size(), begin) : text.text.size();
  text.resize(end);
  text.erase_front(begin);
}

void Prepend::apply(AlignedText& text, Scratch& scratch) const {
  if (text.text.empty() || prefix_.empty()) return;
  rewrite(text, scratch, [&](AlignedText& result) { append_prefixed(text, 0, text.text.size(), prefix_, result); });
}

void Nmt::apply(AlignedText& text, Scratch& scratch) const {
  rewrite_each(text, scratch, [](Rewriter& rewriter) {
    const char32_t code_point = rewriter.peek();
    if (is_nmt_control(code_point)) {
      rewriter.skip();
    } else {
      rewriter.replace(is_nmt_space(code_point) ? U' ' : code_point);
    }
  });
}

void ByteLevelNormalizer::apply(AlignedText& text, Scratch& scratch) const {
  rewrite(text, scratch, [&](AlignedText& result) { spell_bytes(text, 0, text.text.size(), result); });
}

}  // namespace tastevin::tokenizer
