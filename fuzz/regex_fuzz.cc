// A pattern up to the first NUL, then a text (repaired to UTF-8): the pattern is refused, gives up, or finds matches
// that lie in order inside the text.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/utf8.h"
#include "classify/tokenizer/regex.h"
#include "tastevin/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace tv = tastevin;
  constexpr std::size_t kMaxPattern = 100;  // longer ones only make Oniguruma slow
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t end = bytes.find('\0');
  if (end == std::string_view::npos || end > kMaxPattern) return 0;
  const std::string pattern = tv::utf8::repaired(bytes.substr(0, end));
  const std::string text = tv::utf8::repaired(bytes.substr(end + 1));
  try {
    const tv::tokenizer::Regex regex(pattern, "fuzz");
    std::size_t last = 0;
    regex.each_match(text, [&](std::size_t match_begin, std::size_t match_end) {
      if (match_begin < last || match_end < match_begin || match_end > text.size()) std::abort();
      last = match_end;
    });
  } catch (const tv::Error&) {
  }
  return 0;
}
