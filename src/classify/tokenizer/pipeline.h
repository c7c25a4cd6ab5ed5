#pragma once

// From one text to its tokens, before truncation and special tokens: added tokens, normalizer, pre-tokenizer, model.
// Immutable; any thread with its own `Scratch`.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "classify/tokenizer/added_tokens.h"
#include "classify/tokenizer/bert_scanner.h"
#include "classify/tokenizer/components.h"
#include "classify/tokenizer/scratch.h"

namespace tastevin::tokenizer {

class Pipeline {
 public:
  explicit Pipeline(Components components);

  /// `text` is valid UTF-8.
  void tokenize(std::string_view text, Alignment alignment, Scratch& scratch, Tokens& out) const;

  /// The source of each piece that the model would read on its own. `text` is valid UTF-8.
  std::vector<Span> pieces(std::string_view text, Scratch& scratch) const;

  std::optional<std::int32_t> id_of(std::string_view token) const;
  std::optional<std::string_view> token_of(std::int32_t id) const;
  /// One more than the largest id.
  std::size_t id_bound() const noexcept { return id_bound_; }

 private:
  void register_added_tokens(std::vector<AddedToken> tokens, std::size_t rows);
  std::int32_t assign_id(const AddedToken& token) const;
  void build_matchers(const std::vector<AddedToken>& tokens);
  std::string normalized(const std::string& text) const;
  void fuse();

  void scan(std::string_view text, Alignment alignment, Scratch& scratch, Tokens& out) const;
  void normalize(std::string_view text, Alignment alignment, Scratch& scratch) const;
  void append_segment(const AlignedText& segment, Scratch& scratch) const;
  void run_model(Scratch& scratch, Alignment alignment, Tokens& out) const;
  void append_added_span(const AlignedText& text, const Piece& piece, Tokens& out) const;
  void append_spans(const AlignedText& text, const Piece& piece, std::span<const PieceToken> tokens, Tokens& out) const;

  std::unique_ptr<const Normalizer> normalizer_;
  std::unique_ptr<const PreTokenizer> pre_tokenizer_;
  std::unique_ptr<const Model> model_;
  std::size_t id_bound_ = 0;
  BpePieces pieces_ = BpePieces::characters;
  bool splits_special_tokens_ = false;  // they are read as any text
  bool counts_blanks_ = false;          // for a post-processor that trims offsets
  bool needs_sources_ = false;          // of the pre-tokenizer
  AddedTokenMatcher raw_;               // on the text as it is
  AddedTokenMatcher normalized_;        // on the normalized text
  std::map<std::string, std::int32_t, std::less<>> added_ids_;
  std::map<std::int32_t, std::string> added_contents_;
  std::unique_ptr<const BertScanner> bert_;  // where the parts are those that it fuses
};

}  // namespace tastevin::tokenizer
