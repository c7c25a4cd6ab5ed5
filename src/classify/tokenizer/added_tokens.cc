#include "classify/tokenizer/added_tokens.h"

#include <algorithm>
#include <utility>

#include "classify/tokenizer/unicode.h"

namespace tastevin::tokenizer {
namespace {

using unicode::Flag;

bool is_at(std::string_view text, std::size_t at, Flag flag) {
  return unicode::has(utf8::decode(text, at).code_point, flag);
}

bool stands_alone(std::string_view text, std::size_t begin, std::size_t end) {
  if (begin > 0 && is_at(text, utf8::start_of_last(text, begin), Flag::word)) return false;
  return end == text.size() || !is_at(text, end, Flag::word);
}

}  // namespace

AddedTokenMatcher::AddedTokenMatcher(std::vector<AddedToken> tokens) : tokens_(std::move(tokens)) {
  const auto empty = std::ranges::find(tokens_, "", &AddedToken::content);
  if (empty != tokens_.end()) nothing_ = *empty;
  std::erase_if(tokens_, [](const AddedToken& token) { return token.content.empty(); });
  std::vector<DoubleArray::Key> keys;
  for (std::size_t index = tokens_.size(); index-- > 0;) {  // of equal keys the last wins
    keys.push_back({tokens_[index].content, static_cast<std::uint32_t>(index)});
    only_first_byte_ = tokens_[index].content.front();
    first_bytes_.set(static_cast<std::uint8_t>(only_first_byte_));
  }
  literals_ = DoubleArray(keys);
}

std::size_t AddedTokenMatcher::next_candidate(std::string_view text, std::size_t at) const noexcept {
  if (nothing_) return at;
  if (first_bytes_.count() == 1) return std::min(text.find(only_first_byte_, at), text.size());
  while (at < text.size() && !first_bytes_[static_cast<std::uint8_t>(text[at])]) ++at;
  return at;
}

void AddedTokenMatcher::cut(std::string_view text, std::vector<Piece>& out) const {
  std::size_t done = 0;  // up to where pieces were made
  const std::size_t size = empty() ? 0 : text.size();
  for (std::size_t at = next_candidate(text, 0); at < size; at = next_candidate(text, at)) {
    std::size_t end = at;
    std::size_t found = 0;
    literals_.each_prefix(text.substr(at), [&](std::size_t length, std::uint32_t index) {
      end = at + length;
      found = index;
    });
    if (end == at && !nothing_) {
      ++at;
      continue;
    }
    const AddedToken& token = end == at && nothing_ ? *nothing_ : tokens_[found];
    std::size_t begin = at;
    at = end == at ? at + utf8::decode(text, at).length : end;
    if (token.single_word && !stands_alone(text, begin, end)) continue;
    // The literal may begin in blanks that the token before it took.
    if (token.lstrip) begin = std::max(unicode::start_of_space(text, begin, done), done);
    if (token.rstrip) end = unicode::end_of_space(text, end);
    if (begin >= end && !token.content.empty()) continue;  // blanks that the token before it took are all that it is
    if (done < begin) out.push_back({done, begin});
    if (begin < end) out.push_back({begin, end, token.id});
    done = std::max(done, end);
  }
  if (done < text.size()) out.push_back({done, text.size()});
}

}  // namespace tastevin::tokenizer
