// Any bytes as a precompiled charsmap, applied to the last 64 of them (repaired to UTF-8): what comes out is UTF-8, and
// the parts put together are the text.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/utf8.h"
#include "classify/tokenizer/charsmap.h"
#include "tastevin/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace tv = tastevin;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    const auto map = tv::tokenizer::Charsmap::from_bytes(bytes, "fuzz");
    const std::string text = tv::utf8::repaired(bytes.substr(size - std::min<std::size_t>(size, 64)));
    std::string parts;
    map.apply(text, [&parts](std::string_view part, std::string_view replacement) {
      parts.append(part);
      if (!tv::utf8::is_valid(replacement)) std::abort();
    });
    if (parts != text) std::abort();
  } catch (const tv::Error& error) {
    if (error.code() != tv::ErrorCode::bad_checkpoint) std::abort();
  }
  try {
    tv::tokenizer::Charsmap::from_base64(bytes, "fuzz");
  } catch (const tv::Error& error) {
    if (error.code() != tv::ErrorCode::bad_checkpoint) std::abort();
  }
  return 0;
}
