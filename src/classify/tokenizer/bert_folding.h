#pragma once

// BertNormalizer as a stream: code points of the original in, normalized code points out, each with its source. The
// normalizer and the fused BERT scanner both run on it, so that they cannot differ.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "classify/tokenizer/unicode.h"
#include "flow/flow.h"

namespace tastevin::tokenizer {

struct BertRules {
  bool clean_text = true;
  bool handle_chinese_chars = true;
  bool strip_accents = true;
  bool lowercase = true;
};

/// Code points of one combining run, kept until the canonical order is known.
struct CombiningRun {
  struct Mark {
    char32_t code_point = 0;
    std::uint8_t combining_class = 0;
    bool reads = false;  // whether it stands for a code point of the original, or was added to one
  };
  std::vector<Mark> marks;
  std::vector<Span> sources;  // of the code points of the original in this run, in their order
  bool survives = false;      // whether some mark outlives strip_accents
  Span before;                // source of what precedes the run

  void clear() {
    marks.clear();
    sources.clear();
    survives = false;
  }
};

/// `Sink` is called as sink(code point, source).
template <class Sink>
class BertFolding {
 public:
  BertFolding(const BertRules& rules, CombiningRun& run, Sink& sink) : rules_(rules), run_(run), sink_(sink) {
    run_.clear();
    run_.before = {};
  }

  void feed(char32_t code_point, Span source) {
    const std::uint32_t flags = unicode::record(code_point).flags;
    if (rules_.clean_text && (flags & (unicode::Flag::bert_control | unicode::Flag::bert_space)) != 0) {
      if ((flags & unicode::Flag::bert_space) != 0) decompose(U' ', source);
      return;
    }
    const bool apart = rules_.handle_chinese_chars && (flags & unicode::Flag::ideograph) != 0;
    if (apart) decompose(U' ', source);
    decompose(code_point, source);
    if (apart) decompose(U' ', source);
  }

  /// Lets out what is waiting for its order. Call at the end of the text.
  void finish() {
    if (run_.survives) release();
    run_.clear();
  }

 private:
  void decompose(char32_t code_point, Span source) {
    if (!rules_.strip_accents) {
      fold_case(code_point, source);
      return;
    }
    bool reads = true;
    const auto expansion = unicode::has(code_point, unicode::Flag::has_canonical)
                               ? unicode::canonical_decomposition(code_point)
                               : unicode::Expansion(code_point);
    for (const char32_t part : expansion.view()) {
      order(part, source, reads);
      reads = false;
    }
  }

  void order(char32_t code_point, Span source, bool reads) {
    const unicode_tables::Record& record = unicode::record(code_point);
    if (record.combining_class == 0) {
      finish();
      run_.before = source;
      strip(code_point, source);
      return;
    }
    run_.marks.push_back({code_point, record.combining_class, reads});
    if (reads) run_.sources.push_back(source);
    run_.survives |= (record.flags & unicode::Flag::bert_mark) == 0;
  }

  void release() {
    std::ranges::stable_sort(run_.marks, {}, &CombiningRun::Mark::combining_class);
    std::size_t read = 0;
    Span source = run_.before;
    for (const CombiningRun::Mark& mark : run_.marks) {
      if (mark.reads) source = run_.sources[read++];
      strip(mark.code_point, source);
    }
    run_.before = source;
  }

  void strip(char32_t code_point, Span source) {
    if (!unicode::has(code_point, unicode::Flag::bert_mark)) fold_case(code_point, source);
  }

  void fold_case(char32_t code_point, Span source) {
    if (!rules_.lowercase || !unicode::has(code_point, unicode::Flag::has_lowercase)) {
      sink_(code_point, source);
      return;
    }
    const unicode::Expansion lower = unicode::lowercase(code_point);
    for (const char32_t part : lower.view()) sink_(part, source);
  }

  const BertRules& rules_;
  CombiningRun& run_;
  Sink& sink_;
};

}  // namespace tastevin::tokenizer
