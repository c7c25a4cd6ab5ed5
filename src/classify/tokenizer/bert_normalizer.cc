#include "classify/tokenizer/bert_normalizer.h"

#include "classify/tokenizer/scratch.h"

namespace tastevin::tokenizer {

void BertNormalizer::apply(AlignedText& text, Scratch& scratch) const {
  rewrite(text, scratch, [&](AlignedText& result) {
    const auto append = [&result](char32_t code_point, Span source) { result.append(code_point, source); };
    BertFolding folding(rules_, scratch.run, append);
    for (std::size_t at = 0; at < text.text.size();) {
      const utf8::Decoded decoded = utf8::decode(text.text, at);
      folding.feed(decoded.code_point, text.source_at(at));
      at += decoded.length;
    }
    folding.finish();
  });
}

}  // namespace tastevin::tokenizer
