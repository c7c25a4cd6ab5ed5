#include "classify/tokenizer/bert_scanner.h"

#include "classify/tokenizer/unicode.h"

namespace tastevin::tokenizer {

using unicode::Flag;

namespace {

std::int32_t short_word(const WordPiece& model, std::string_view word) {
  return word.size() <= WordTable::kMaxBytes ? model.whole_word(WordTable::key_of(word)) : -1;
}

}  // namespace

/// Collects the bytes of a word; at its end the model turns it into ids.
class BertScanner::Words {
 public:
  Words(const WordPiece& model, Scratch& scratch, Tokens& out)
      : model_(model), word_(scratch.word.text), pieces_(scratch.pieces), out_(out) {
    word_.clear();
  }

  void append_ascii(char byte, std::uint32_t /*place*/) { word_.push_back(byte); }
  void append(char32_t code_point, Span /*source*/) { utf8::append(word_, code_point); }

  void close() {
    if (word_.empty()) return;
    if (const std::int32_t whole = short_word(model_, word_); whole >= 0) {
      out_.ids.push_back(whole);
    } else {
      pieces_.clear();
      model_.tokenize_word(word_, pieces_);
      for (const PieceToken& piece : pieces_) out_.ids.push_back(piece.id);
    }
    word_.clear();
  }

 private:
  const WordPiece& model_;
  std::string& word_;
  std::vector<PieceToken>& pieces_;
  Tokens& out_;
};

/// The same with the source of every byte.
class BertScanner::SpannedWords {
 public:
  SpannedWords(const WordPiece& model, Scratch& scratch, Tokens& out)
      : model_(model), word_(scratch.word), pieces_(scratch.pieces), out_(out) {
    word_.clear();
    word_.alignment = Alignment::tracked;
  }

  void append_ascii(char byte, std::uint32_t place) {
    word_.text.push_back(byte);
    word_.sources.push_back({place, place + 1});
  }
  void append(char32_t code_point, Span source) { word_.append(code_point, source); }

  void close() {
    if (word_.text.empty()) return;
    if (const std::int32_t whole = short_word(model_, word_.text); whole >= 0) {
      push(whole, 0, word_.text.size());
    } else {
      pieces_.clear();
      model_.tokenize_word(word_.text, pieces_);
      for (const PieceToken& piece : pieces_) push(piece.id, piece.begin, piece.end);
    }
    word_.clear();
  }

 private:
  void push(std::int32_t id, std::size_t begin, std::size_t end) {
    out_.ids.push_back(id);
    out_.spans.push_back(word_.source_of(begin, end));
  }

  const WordPiece& model_;
  AlignedText& word_;
  std::vector<PieceToken>& pieces_;
  Tokens& out_;
};

BertScanner::BertScanner(const BertRules& rules, const WordPiece& model) : rules_(rules), model_(model) {
  for (std::size_t byte = 0; byte < ascii_.size(); ++byte) {
    const auto code_point = static_cast<char32_t>(byte);
    Ascii& entry = ascii_[byte];
    entry.folded = static_cast<char>(rules.lowercase ? unicode::lowercase(code_point).view().front() : code_point);
    const bool cleaned = rules.clean_text && unicode::has(code_point, Flag::bert_control);
    if (unicode::has(code_point, Flag::punctuation)) entry.action = Action::punctuation;
    if (unicode::has(code_point, Flag::space)) entry.action = Action::space;
    if (cleaned) entry.action = Action::removed;
    if (rules.clean_text && unicode::has(code_point, Flag::bert_space)) entry.action = Action::space;
  }
}

template <class WordSink>
void BertScanner::fold_ascii(char byte, std::uint32_t place, WordSink& words) const {
  const Ascii entry = ascii_[static_cast<std::uint8_t>(byte)];
  switch (entry.action) {
    case Action::word:
      words.append_ascii(entry.folded, place);
      return;
    case Action::space:
      words.close();
      return;
    case Action::punctuation:
      words.close();
      words.append_ascii(entry.folded, place);
      words.close();
      return;
    case Action::removed:
      return;
  }
}

template <class WordSink>
void BertScanner::scan_into(std::string_view text, std::uint32_t first, Scratch& scratch, WordSink& words) const {
  const auto append = [&words](char32_t code_point, Span source) {
    const std::uint32_t flags = unicode::record(code_point).flags;
    if ((flags & (Flag::space | Flag::punctuation)) != 0) words.close();
    if ((flags & Flag::space) != 0) return;
    words.append(code_point, source);
    if ((flags & Flag::punctuation) != 0) words.close();
  };
  BertFolding folding(rules_, scratch.run, append);
  std::uint32_t place = first;
  for (std::size_t at = 0; at < text.size(); ++place) {
    const char byte = text[at];
    if (static_cast<std::uint8_t>(byte) < 0x80 && scratch.run.marks.empty()) {
      fold_ascii(byte, place, words);
      ++at;
      continue;
    }
    const utf8::Decoded decoded = utf8::decode(text, at);
    folding.feed(decoded.code_point, {place, place + 1});
    at += decoded.length;
  }
  folding.finish();
  words.close();
}

void BertScanner::scan(std::string_view text, std::uint32_t first, Alignment alignment, Scratch& scratch,
                       Tokens& out) const {
  if (alignment == Alignment::tracked) {
    SpannedWords words(model_, scratch, out);
    scan_into(text, first, scratch, words);
  } else {
    Words words(model_, scratch, out);
    scan_into(text, first, scratch, words);
  }
}

}  // namespace tastevin::tokenizer
