#include "classify/tokenizer/pipeline.h"

#include <algorithm>
#include <utility>

#include "classify/tokenizer/bert_normalizer.h"
#include "classify/tokenizer/bert_pre_tokenizer.h"
#include "classify/tokenizer/unicode.h"
#include "classify/tokenizer/word_piece.h"

namespace tastevin::tokenizer {
namespace {

/// Counts code points of one text from place to place, so that a whole pass over it stays linear.
class PlaceCounter {
 public:
  explicit PlaceCounter(std::string_view text) : text_(text) {}

  std::uint32_t at(std::size_t byte) {
    if (byte < byte_) byte_ = place_ = 0;
    place_ += utf8::count(text_.substr(byte_, byte - byte_));
    byte_ = byte;
    return static_cast<std::uint32_t>(place_);
  }

 private:
  std::string_view text_;
  std::size_t byte_ = 0;
  std::size_t place_ = 0;
};

bool is_blank(char32_t code_point) {
  constexpr char32_t kSpaceStandIn = 0x120;
  return code_point == kSpaceStandIn || unicode::has(code_point, unicode::Flag::space);
}

/// Blanks at the ends of a token's text, in which a space may be spelled by its stand-in. One of blanks alone counts
/// them at both ends, as the reference does.
Blanks count_blanks(std::string_view token) {
  Blanks blanks;
  std::uint32_t run = 0;
  bool leading = true;
  for (std::size_t at = 0; at < token.size();) {
    const utf8::Decoded decoded = utf8::decode(token, at);
    run = is_blank(decoded.code_point) ? run + 1 : 0;
    leading = leading && run > 0;
    if (leading) blanks.leading = run;
    at += decoded.length;
  }
  blanks.trailing = run;
  return blanks;
}

/// The same for the bytes that a token covers, where the model reads raw bytes.
Blanks count_spaces(std::string_view token) {
  const std::size_t first = std::min(token.find_first_not_of(' '), token.size());
  const std::size_t last = token.find_last_not_of(' ') + 1;  // npos + 1 is 0
  return {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(token.size() - last)};
}

}  // namespace

Pipeline::Pipeline(Components components)
    : normalizer_(std::move(components.normalizer)),
      pre_tokenizer_(std::move(components.pre_tokenizer)),
      model_(std::move(components.model)),
      id_bound_(model_->id_bound()),
      pieces_(components.pieces),
      splits_special_tokens_(components.splits_special_tokens),
      counts_blanks_(!components.post_processor.trims.empty()),
      needs_sources_(pre_tokenizer_ != nullptr && pre_tokenizer_->needs_sources()) {
  register_added_tokens(std::move(components.added_tokens), components.rows);
  fuse();
}

std::int32_t Pipeline::assign_id(const AddedToken& token) const {
  if (const auto known = id_of(token.content)) return *known;
  const auto vocabulary = static_cast<std::int32_t>(model_->vocabulary_size());
  if (added_contents_.empty()) return vocabulary;
  const std::int32_t largest = added_contents_.rbegin()->first;
  return largest >= vocabulary || vocabulary == 0 ? largest + 1 : vocabulary;
}

void Pipeline::register_added_tokens(std::vector<AddedToken> tokens, std::size_t rows) {
  for (AddedToken& token : tokens) {
    token.id = assign_id(token);
    if (token.without_id && rows > 0 && static_cast<std::size_t>(token.id) >= rows) token.content.clear();
    if (token.content.empty()) continue;
    added_ids_[token.content] = token.id;
    added_contents_[token.id] = token.content;
  }
  std::erase_if(tokens, [](const AddedToken& token) { return token.content.empty(); });
  if (!added_contents_.empty()) {
    id_bound_ = std::max(id_bound_, static_cast<std::size_t>(added_contents_.rbegin()->first) + 1);
  }
  // The reference lists special tokens first; of two that match the same text the first one listed wins.
  std::ranges::stable_partition(tokens, [](const AddedToken& token) { return token.special; });
  build_matchers(tokens);
}

void Pipeline::build_matchers(const std::vector<AddedToken>& tokens) {
  std::vector<AddedToken> raw;
  std::vector<AddedToken> on_normalized;
  for (const AddedToken& token : tokens) {
    if (token.special && splits_special_tokens_) continue;
    if (token.both || !token.normalized) raw.push_back(token);
    if (token.both || token.normalized) {
      on_normalized.push_back(token);
      on_normalized.back().content = normalized(token.content);
    }
  }
  raw_ = AddedTokenMatcher(std::move(raw));
  normalized_ = AddedTokenMatcher(std::move(on_normalized));
}

std::string Pipeline::normalized(const std::string& text) const {
  AlignedText aligned;
  aligned.append_original(text, 0);
  Scratch scratch;
  if (normalizer_ != nullptr) normalizer_->apply(aligned, scratch);
  return aligned.text;
}

void Pipeline::fuse() {
  const auto* bert = dynamic_cast<const BertNormalizer*>(normalizer_.get());
  const auto* words = dynamic_cast<const BertPreTokenizer*>(pre_tokenizer_.get());
  const auto* word_piece = dynamic_cast<const WordPiece*>(model_.get());
  if (bert == nullptr || words == nullptr || word_piece == nullptr || !normalized_.empty() || counts_blanks_) return;
  bert_ = std::make_unique<BertScanner>(bert->rules(), *word_piece);
}

std::optional<std::int32_t> Pipeline::id_of(std::string_view token) const {
  const auto added = added_ids_.find(token);
  return added != added_ids_.end() ? std::optional(added->second) : model_->id_of(token);
}

std::optional<std::string_view> Pipeline::token_of(std::int32_t id) const {
  const auto added = added_contents_.find(id);
  return added != added_contents_.end() ? std::optional<std::string_view>(added->second) : model_->token_of(id);
}

void Pipeline::tokenize(std::string_view text, Alignment alignment, Scratch& scratch, Tokens& out) const {
  out.clear();
  if (bert_ != nullptr) {
    scan(text, alignment, scratch, out);
    return;
  }
  normalize(text, needs_sources_ ? Alignment::tracked : alignment, scratch);
  if (pre_tokenizer_ != nullptr) pre_tokenizer_->apply(scratch.state, scratch);
  run_model(scratch, alignment, out);
}

std::vector<Span> Pipeline::pieces(std::string_view text, Scratch& scratch) const {
  normalize(text, Alignment::tracked, scratch);
  if (pre_tokenizer_ != nullptr) pre_tokenizer_->apply(scratch.state, scratch);
  std::vector<Span> spans;
  spans.reserve(scratch.state.pieces.size());
  for (const Piece& piece : scratch.state.pieces) spans.push_back(scratch.state.text.source_of(piece.begin, piece.end));
  return spans;
}

void Pipeline::scan(std::string_view text, Alignment alignment, Scratch& scratch, Tokens& out) const {
  const bool tracked = alignment == Alignment::tracked;
  PlaceCounter places(text);
  scratch.raw_pieces.clear();
  raw_.cut(text, scratch.raw_pieces);
  for (const Piece& piece : scratch.raw_pieces) {
    const std::uint32_t begin = tracked ? places.at(piece.begin) : 0;
    if (!piece.is_token()) {
      bert_->scan(text.substr(piece.begin, piece.end - piece.begin), begin, alignment, scratch, out);
      continue;
    }
    out.ids.push_back(piece.token);
    if (tracked) out.spans.push_back({begin, places.at(piece.end)});
  }
}

void Pipeline::normalize(std::string_view text, Alignment alignment, Scratch& scratch) const {
  scratch.state.reset(alignment);
  scratch.segment.alignment = alignment;
  PlaceCounter places(text);
  scratch.raw_pieces.clear();
  raw_.cut(text, scratch.raw_pieces);
  for (const Piece& piece : scratch.raw_pieces) {
    AlignedText& segment = scratch.segment;
    segment.clear();
    segment.append_original(text.substr(piece.begin, piece.end - piece.begin),
                            alignment == Alignment::tracked ? places.at(piece.begin) : 0);
    if (piece.is_token()) {
      const std::size_t begin = scratch.state.text.text.size();
      scratch.state.text.append(segment, 0, segment.text.size());
      scratch.state.pieces.push_back({begin, scratch.state.text.text.size(), piece.token});
    } else {
      if (normalizer_ != nullptr) normalizer_->apply(segment, scratch);
      append_segment(segment, scratch);
    }
  }
}

void Pipeline::append_segment(const AlignedText& segment, Scratch& scratch) const {
  std::vector<Piece>& cuts = scratch.normalized_pieces;
  cuts.clear();
  normalized_.cut(segment.text, cuts);
  PreTokenized& state = scratch.state;
  for (const Piece& cut : cuts) {
    if (cut.begin == cut.end) continue;
    const std::size_t begin = state.text.text.size();
    state.text.append(segment, cut.begin, cut.end);
    state.pieces.push_back({begin, state.text.text.size(), cut.token});
  }
}

void Pipeline::run_model(Scratch& scratch, Alignment alignment, Tokens& out) const {
  const AlignedText& text = scratch.state.text;
  const bool tracked = alignment == Alignment::tracked;
  for (const Piece& piece : scratch.state.pieces) {
    if (piece.is_token()) {
      out.ids.push_back(piece.token);
      if (tracked) append_added_span(text, piece, out);
      continue;
    }
    scratch.pieces.clear();
    model_->tokenize(std::string_view(text.text).substr(piece.begin, piece.end - piece.begin), scratch, scratch.pieces);
    for (const PieceToken& token : scratch.pieces) out.ids.push_back(token.id);
    if (tracked) append_spans(text, piece, scratch.pieces, out);
  }
}

void Pipeline::append_added_span(const AlignedText& text, const Piece& piece, Tokens& out) const {
  out.spans.push_back(text.source_of(piece.begin, piece.end));
  if (counts_blanks_)
    out.blanks.push_back(count_blanks(std::string_view(text.text).substr(piece.begin, piece.end - piece.begin)));
}

void Pipeline::append_spans(const AlignedText& text, const Piece& piece, std::span<const PieceToken> tokens,
                            Tokens& out) const {
  for (const PieceToken& token : tokens) {
    const std::size_t begin = piece.begin + token.begin;
    const std::size_t end = piece.begin + token.end;
    out.spans.push_back(text.source_of(begin, end));
    if (!counts_blanks_) continue;
    out.blanks.push_back(pieces_ == BpePieces::raw_bytes
                             ? count_spaces(std::string_view(text.text).substr(begin, end - begin))
                             : count_blanks(model_->token_of(token.id).value_or("")));
  }
}

}  // namespace tastevin::tokenizer
