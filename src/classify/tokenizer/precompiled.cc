#include "classify/tokenizer/precompiled.h"

#include <cstdint>
#include <string_view>

#include "classify/tokenizer/scratch.h"

namespace tastevin::tokenizer {
namespace {

using Changes = std::vector<Change>;

/// Appends the code points of `replacement` and returns how many there are.
std::int32_t append_code_points(std::string_view replacement, Changes& changes) {
  std::int32_t count = 0;
  for (std::size_t at = 0; at < replacement.size(); ++count) {
    const utf8::Decoded decoded = utf8::decode(replacement, at);
    changes.push_back({decoded.code_point, 0});
    at += decoded.length;
  }
  return count;
}

/// What is added counts at the end of the replacement; what goes counts on whatever stands last, even before it.
void replace(std::string_view part, std::string_view replacement, Changes& changes) {
  const auto old_count = static_cast<std::int32_t>(utf8::count(part));
  const std::int32_t new_count = append_code_points(replacement, changes);
  for (std::int32_t added = new_count - old_count; added > 0; --added) {
    changes[changes.size() - static_cast<std::size_t>(added)].count = 1;
  }
  if (new_count < old_count && !changes.empty()) changes.back().count += new_count - old_count;
}

}  // namespace

void Precompiled::apply(AlignedText& text, Scratch& scratch) const {
  if (text.alignment == Alignment::dropped) {
    rewrite(text, scratch, [&](AlignedText& result) {
      map_.apply(text.text,
                 [&result](std::string_view, std::string_view replacement) { result.text.append(replacement); });
    });
    return;
  }
  scratch.changes.clear();
  const bool replaced = map_.apply(text.text, [&scratch](std::string_view part, std::string_view replacement) {
    replace(part, replacement, scratch.changes);
  });
  if (!replaced) return;
  rewrite(text, scratch, [&](AlignedText& result) { apply_changes(text, scratch.changes, result); });
}

}  // namespace tastevin::tokenizer
