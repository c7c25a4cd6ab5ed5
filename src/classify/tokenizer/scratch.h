#pragma once

// Everything a call writes to while it tokenizes, kept from call to call so that the steady state allocates nothing.
// One a thread; not for sharing.

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "classify/tokenizer/aligned_text.h"
#include "classify/tokenizer/bert_folding.h"
#include "classify/tokenizer/changes.h"
#include "classify/tokenizer/cut_behavior.h"
#include "classify/tokenizer/model.h"
#include "classify/tokenizer/model_scratch.h"
#include "classify/tokenizer/piece_cache.h"
#include "classify/tokenizer/post_processor.h"
#include "classify/tokenizer/pre_tokenized.h"

namespace tastevin::tokenizer {

/// The tokens of one text before truncation and special tokens.
struct Tokens {
  std::vector<std::int32_t> ids;
  std::vector<Span> spans;     // empty unless asked for
  std::vector<Blanks> blanks;  // empty unless spans are asked for and get trimmed

  void clear() {
    ids.clear();
    spans.clear();
    blanks.clear();
  }
};

struct Scratch {
  PieceCache cache;
  BpeScratch bpe;
  UnigramScratch unigram;
  std::string repaired;
  std::array<Tokens, 2> tokens;
  PreTokenized state;
  AlignedText segment;
  AlignedText rewritten;
  AlignedText word;
  CombiningRun run;
  std::vector<Change> changes;
  std::vector<Match> matches;
  std::vector<PieceToken> pieces;
  std::vector<Piece> raw_pieces;
  std::vector<Piece> normalized_pieces;
};

/// Replaces `text` by what `write(result)` appends to an empty one.
template <class Write>
void rewrite(AlignedText& text, Scratch& scratch, Write&& write) {
  AlignedText& result = scratch.rewritten;
  result.clear();
  result.alignment = text.alignment;
  write(result);
  std::swap(text, result);
}

}  // namespace tastevin::tokenizer
