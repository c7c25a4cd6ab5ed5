#include "classify/tokenizer/unicode_form.h"

#include <algorithm>

#include "classify/tokenizer/scratch.h"
#include "classify/tokenizer/unicode.h"

namespace tastevin::tokenizer {
namespace {

using Changes = std::vector<Change>;
using unicode::Flag;

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char byte) { return static_cast<std::uint8_t>(byte) < 0x80; });
}

std::uint8_t combining_class(const Change& change) { return unicode::record(change.code_point).combining_class; }

void decompose(std::string_view text, UnicodeForm::Decomposition decomposition, Changes& out) {
  const bool canonical = decomposition == UnicodeForm::Decomposition::canonical;
  const std::uint32_t changes = canonical ? Flag::has_canonical : Flag::has_compatibility;
  for (std::size_t at = 0; at < text.size();) {
    const utf8::Decoded decoded = utf8::decode(text, at);
    at += decoded.length;
    if (!unicode::has(decoded.code_point, changes)) {
      out.push_back({decoded.code_point, 0});
      continue;
    }
    const unicode::Expansion parts = canonical ? unicode::canonical_decomposition(decoded.code_point)
                                               : unicode::compatibility_decomposition(decoded.code_point);
    std::int32_t count = 0;
    for (const char32_t part : parts.view()) {
      out.push_back({part, count});
      count = 1;
    }
  }
}

/// Sorts each run of combining marks by class.
void order_marks(Changes& changes) {
  for (auto at = changes.begin(); at != changes.end();) {
    at = std::find_if(at, changes.end(), [](const Change& c) { return combining_class(c) != 0; });
    const auto end = std::find_if(at, changes.end(), [](const Change& c) { return combining_class(c) == 0; });
    std::stable_sort(at, end, [](const Change& a, const Change& b) { return combining_class(a) < combining_class(b); });
    at = end;
  }
}

/// Puts marks and vowels that a starter takes up into it, in place (Unicode 3.11, D117).
class Composer {
 public:
  explicit Composer(Changes& changes) : changes_(changes) {}

  void run() {
    for (std::size_t read = 0; read < changes_.size(); ++read) {
      const Change change = changes_[read];
      const std::uint8_t mark = combining_class(change);
      if (!take_up(change, mark)) append(change, mark);
    }
    changes_.resize(written_);
  }

 private:
  static constexpr std::size_t kNone = SIZE_MAX;

  bool take_up(const Change& change, std::uint8_t mark) {
    const bool blocked = last_class_ >= 0 && last_class_ >= mark;
    if (starter_ == kNone || blocked) return false;
    Change& starter = changes_[starter_];
    const char32_t composed = unicode::composition(starter.code_point, change.code_point);
    if (composed == 0) return false;
    starter = {composed, starter.count + change.count - 1};
    return true;
  }

  void append(const Change& change, std::uint8_t mark) {
    if (mark == 0) {
      starter_ = written_;
      last_class_ = -1;
    } else if (starter_ != kNone) {
      last_class_ = mark;
    }
    changes_[written_++] = change;
  }

  Changes& changes_;
  std::size_t written_ = 0;
  std::size_t starter_ = kNone;
  int last_class_ = -1;  // of the marks that the starter did not take up
};

}  // namespace

void UnicodeForm::apply(AlignedText& text, Scratch& scratch) const {
  if (is_ascii(text.text)) return;
  Changes& changes = scratch.changes;
  changes.clear();
  decompose(text.text, decomposition_, changes);
  order_marks(changes);
  if (composition_ == Composition::canonical) Composer(changes).run();
  rewrite(text, scratch, [&](AlignedText& result) { apply_changes(text, changes, result); });
}

}  // namespace tastevin::tokenizer
