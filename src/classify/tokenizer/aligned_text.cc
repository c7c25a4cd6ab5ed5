#include "classify/tokenizer/aligned_text.h"

namespace tastevin::tokenizer {

void AlignedText::append(const AlignedText& other, std::size_t begin, std::size_t end) {
  text.append(other.text, begin, end - begin);
  if (alignment == Alignment::dropped) return;
  const auto first = other.sources.begin();
  sources.insert(sources.end(), first + static_cast<std::ptrdiff_t>(begin), first + static_cast<std::ptrdiff_t>(end));
}

void AlignedText::append_original(std::string_view original, std::uint32_t at) {
  text.append(original);
  if (alignment == Alignment::dropped) return;
  for (const char byte : original) {
    if (!utf8::is_tail(byte)) ++at;
    sources.push_back({at - 1, at});
  }
}

void AlignedText::erase_front(std::size_t bytes) {
  text.erase(0, bytes);
  if (alignment == Alignment::dropped) return;
  sources.erase(sources.begin(), sources.begin() + static_cast<std::ptrdiff_t>(bytes));
}

void append_prefixed(const AlignedText& from, std::size_t begin, std::size_t end, std::string_view prefix,
                     AlignedText& to) {
  to.append(prefix, from.source_at(begin));
  to.append(from, begin, end);
}

Rewriter::Rewriter(const AlignedText& from, std::size_t begin, std::size_t end, AlignedText& to)
    : from_(from), at_(begin), end_(end), to_(to) {
  if (from_.alignment == Alignment::tracked && begin < end) {
    last_ = {from_.sources[begin].begin, from_.sources[begin].begin};
  }
}

void Rewriter::skip() {
  at_ += utf8::decode(from_.text, at_).length;
  last_ = from_.source_at(at_ - 1);
}

void Rewriter::replace(char32_t code_point) {
  to_.append(code_point, from_.source_at(at_));
  skip();
}

void Rewriter::insert(char32_t code_point) { to_.append(code_point, last_); }

}  // namespace tastevin::tokenizer
