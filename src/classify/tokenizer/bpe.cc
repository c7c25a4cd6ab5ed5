#include "classify/tokenizer/bpe.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/utf8.h"
#include "classify/tokenizer/byte_level_scan.h"
#include "classify/tokenizer/byte_token.h"
#include "classify/tokenizer/piece_cache.h"
#include "classify/tokenizer/scratch.h"

namespace tastevin::tokenizer {
namespace {

constexpr std::size_t kTwoByteEnd = 0x800;  // code points that UTF-8 has in one or two bytes

std::string spelled(char32_t code_point) {
  std::string text;
  utf8::append(text, code_point);
  return text;
}

bool has_affix(const BpeOptions& options) {
  return !options.continuing_subword_prefix.empty() || !options.end_of_word_suffix.empty();
}

/// The bytes that the stand-ins of `token` stand for, or nothing when some character stands for none.
std::optional<std::string> raw_bytes_of(std::string_view token) {
  std::string bytes;
  for (std::size_t at = 0; at < token.size();) {
    const utf8::Decoded decoded = utf8::decode(token, at);
    const auto byte = byte_level::byte_of(decoded.code_point);
    if (!byte) return std::nullopt;
    bytes.push_back(static_cast<char>(*byte));
    at += decoded.length;
  }
  return bytes;
}

std::size_t ids_in_use(const Vocabulary& vocabulary) {
  std::size_t count = 0;
  for (std::size_t id = 0; id < vocabulary.id_bound(); ++id) {
    count += vocabulary.token_of(static_cast<std::int32_t>(id)) ? std::size_t{1} : std::size_t{0};
  }
  return count;
}

}  // namespace

/// Unknown characters that wait to be added. The reference adds them only when a known character or the end follows;
/// bytes of a fallback overtake them.
class Bpe::UnknownRun {
 public:
  UnknownRun(const Bpe& model, Symbols& symbols) : model_(model), symbols_(symbols) {}

  void add(std::size_t bytes) {
    if (model_.unknown_ < 0) return;
    if (!model_.options_.fuse_unk) flush();
    length_ += static_cast<std::uint32_t>(bytes);
  }

  void flush() {
    if (length_ > 0) symbols_.push_back({.id = model_.unknown_, .length = length_});
    length_ = 0;
  }

 private:
  const Bpe& model_;
  Symbols& symbols_;
  std::uint32_t length_ = 0;
};

Bpe::Bpe(Vocabulary vocabulary, std::span<const MergeRule> rules, BpeOptions options)
    : vocabulary_(std::move(vocabulary)),
      options_(std::move(options)),
      merges_(vocabulary_, rules, options_.continuing_subword_prefix.size()),
      byte_id_(byte_token_ids([this](std::string_view token) { return vocabulary_.find(token); })),
      owner_(PieceCache::new_owner()) {
  if (options_.pieces == BpePieces::raw_bytes && !can_read_raw_bytes(vocabulary_, options_)) {
    throw Error(ErrorCode::bad_checkpoint, "BPE: the vocabulary lacks stand-in characters of the byte level");
  }
  order_is_plain_ = options_.continuing_subword_prefix.empty() && vocabulary_.find("") < 0 &&
                    ids_in_use(vocabulary_) == vocabulary_.size();
  find_unknown();
  index_first_symbols();
  index_whole_tokens();
}

bool Bpe::can_read_raw_bytes(const Vocabulary& vocabulary, const BpeOptions& options) {
  if (has_affix(options)) return false;
  for (std::size_t byte = 0; byte < 256; ++byte) {
    if (vocabulary.find(spelled(byte_level::stand_in(static_cast<std::uint8_t>(byte)))) < 0) return false;
  }
  return true;
}

void Bpe::find_unknown() {
  if (!options_.unk_token) return;
  unknown_ = vocabulary_.find(*options_.unk_token);
  // The reference fails at the first unknown character; where the byte level leaves none, it never does.
  if (unknown_ < 0 && !can_read_raw_bytes(vocabulary_, options_)) {
    throw Error(ErrorCode::bad_checkpoint,
                "BPE: the unknown token " + in_quotes(*options_.unk_token) + " is not in the vocabulary");
  }
}

void Bpe::index_first_symbols() {
  const bool raw = options_.pieces == BpePieces::raw_bytes;
  first_id_.assign(raw ? 256 : kTwoByteEnd, -1);
  for (std::size_t i = 0; i < first_id_.size(); ++i) {
    const char32_t code_point = raw ? byte_level::stand_in(static_cast<std::uint8_t>(i)) : static_cast<char32_t>(i);
    first_id_[i] = vocabulary_.find(spelled(code_point));
  }
}

void Bpe::index_whole_tokens() {
  if (!options_.ignore_merges || options_.pieces != BpePieces::raw_bytes) return;
  for (std::size_t index = 0; index < vocabulary_.id_bound(); ++index) {
    const auto id = static_cast<std::int32_t>(index);
    const auto token = vocabulary_.token_of(id);
    if (!token) continue;
    if (const auto bytes = raw_bytes_of(*token)) whole_.add(*bytes, id);
  }
}

void Bpe::tokenize(std::string_view piece, Scratch& scratch, std::vector<PieceToken>& out) const {
  scratch.cache.serve(owner_);
  if (scratch.cache.replay(piece, out)) return;
  const std::size_t first = out.size();
  const Vocabulary& whole = options_.pieces == BpePieces::raw_bytes ? whole_ : vocabulary_;
  const std::int32_t id = options_.ignore_merges ? whole.find(piece) : -1;
  if (id >= 0) {
    out.push_back({id, 0, static_cast<std::uint32_t>(piece.size())});
  } else {
    split(piece, scratch.bpe);
    merge(scratch.bpe);
    // The bytes of an affix that the fallback spells are none of the piece's; they stand at its last.
    const auto size = static_cast<std::uint32_t>(piece.size());
    std::uint32_t at = 0;
    for (const BpeScratch::Symbol& symbol : scratch.bpe.symbols) {
      const std::uint32_t begin = std::min(at, size - 1);
      out.push_back({symbol.id, begin, std::clamp(at + symbol.length, begin + 1, size)});
      at += symbol.length;
    }
    give_back_large(scratch.bpe.symbols);
  }
  scratch.cache.remember(piece, std::span(out).subspan(first));
}

void Bpe::split(std::string_view piece, BpeScratch& scratch) const {
  scratch.symbols.clear();
  if (options_.pieces == BpePieces::raw_bytes) {
    split_raw_bytes(piece, scratch.symbols);
  } else {
    split_characters(piece, scratch);
  }
}

void Bpe::split_raw_bytes(std::string_view piece, Symbols& symbols) const {
  for (const char byte : piece) symbols.push_back({.id = first_id_[static_cast<std::uint8_t>(byte)], .length = 1});
}

void Bpe::split_characters(std::string_view piece, BpeScratch& scratch) const {
  UnknownRun unknown(*this, scratch.symbols);
  for (std::size_t at = 0; at < piece.size();) {
    const utf8::Decoded decoded = utf8::decode(piece, at);
    const bool indexed = decoded.code_point < kTwoByteEnd && !has_affix(options_);
    const std::size_t end = at + decoded.length;
    const std::int32_t id = indexed ? first_id_[decoded.code_point] : spell(piece, at, end, scratch.spelling);
    if (id >= 0) {
      unknown.flush();
      scratch.symbols.push_back({.id = id, .length = decoded.length});
    } else {
      if (indexed) scratch.spelling.assign(piece.substr(at, decoded.length));
      if (!fall_back_to_bytes(scratch.spelling, scratch.symbols)) unknown.add(decoded.length);
    }
    at = end;
  }
  unknown.flush();
}

/// Spells the character at begin..end as the vocabulary has it in that place of a word, and looks it up.
std::int32_t Bpe::spell(std::string_view piece, std::size_t begin, std::size_t end, std::string& spelling) const {
  spelling.clear();
  if (begin > 0) spelling.append(options_.continuing_subword_prefix);
  spelling.append(piece.substr(begin, end - begin));
  if (end == piece.size()) spelling.append(options_.end_of_word_suffix);
  return vocabulary_.find(spelling);
}

bool Bpe::fall_back_to_bytes(std::string_view spelling, Symbols& symbols) const {
  if (!options_.byte_fallback) return false;
  const auto id_of_byte = [this](char byte) { return byte_id_[static_cast<std::uint8_t>(byte)]; };
  if (std::ranges::any_of(spelling, [&](char byte) { return id_of_byte(byte) < 0; })) return false;
  for (const char byte : spelling) symbols.push_back({.id = id_of_byte(byte), .length = 1});
  return true;
}

void Bpe::merge(BpeScratch& scratch) const {
  if (!order_is_plain_) {
    merges_.merge_queued(scratch);
  } else if (scratch.symbols.size() > MergeTable::kShort) {
    merges_.merge_long(scratch);
  } else {
    merges_.merge_short(scratch.symbols);
  }
}

}  // namespace tastevin::tokenizer
