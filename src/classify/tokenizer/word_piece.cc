#include "classify/tokenizer/word_piece.h"

#include <utility>

#include "base/error.h"
#include "base/utf8.h"

namespace tastevin::tokenizer {
namespace {

struct Match {
  std::uint32_t id = 0;
  std::size_t length = 0;
};

Match longest_prefix(const DoubleArray& trie, std::string_view text) {
  Match longest;
  trie.each_prefix(text, [&longest](std::size_t length, std::uint32_t id) { longest = {id, length}; });
  return longest;
}

}  // namespace

WordPiece::WordPiece(Vocabulary vocabulary, const WordPieceOptions& options)
    : vocabulary_(std::move(vocabulary)), whole_(vocabulary_.size()), max_chars_(options.max_input_chars_per_word) {
  const auto unknown = vocabulary_.id_of(options.unk_token);
  if (!unknown) {
    throw Error(ErrorCode::bad_checkpoint,
                "WordPiece: the unknown token " + in_quotes(options.unk_token) + " is not in the vocabulary");
  }
  unknown_ = *unknown;
  std::vector<DoubleArray::Key> starts;
  std::vector<DoubleArray::Key> continuations;
  starts.reserve(vocabulary_.size());
  const std::string_view prefix = options.continuing_subword_prefix;
  for (std::int32_t id = 0; id < static_cast<std::int32_t>(vocabulary_.id_bound()); ++id) {
    const auto token = vocabulary_.token_of(id);
    if (!token || token->empty() || vocabulary_.find(*token) != id) continue;
    if (token->size() <= WordTable::kMaxBytes) whole_.add(*token, id);
    starts.push_back({*token, static_cast<std::uint32_t>(id)});
    if (token->starts_with(prefix))
      continuations.push_back({token->substr(prefix.size()), static_cast<std::uint32_t>(id)});
  }
  starts_ = DoubleArray(starts);
  continuations_ = DoubleArray(continuations);
}

bool WordPiece::is_too_long(std::string_view word) const noexcept {
  return word.size() > max_chars_ && utf8::count(word) > max_chars_;
}

void WordPiece::tokenize_word(std::string_view word, std::vector<PieceToken>& out) const {
  const std::size_t first = out.size();
  const auto whole = static_cast<std::uint32_t>(word.size());
  if (is_too_long(word)) {
    out.push_back({unknown_, 0, whole});
    return;
  }
  for (std::size_t at = 0; at < word.size();) {
    const Match match = longest_prefix(at == 0 ? starts_ : continuations_, word.substr(at));
    if (match.length == 0) {
      out.resize(first);
      out.push_back({unknown_, 0, whole});
      return;
    }
    const std::size_t end = at + match.length;
    out.push_back(
        {static_cast<std::int32_t>(match.id), static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)});
    at = end;
  }
}

}  // namespace tastevin::tokenizer
