// Any bytes as a SentencePiece model, read in memory: refused, or pieces in UTF-8 with scores that are numbers.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/utf8.h"
#include "classify/tokenizer/sentencepiece.h"
#include "tastevin/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace tv = tastevin;
  try {
    const auto model = tv::tokenizer::read_sentencepiece({reinterpret_cast<const char*>(data), size}, "fuzz");
    for (const auto& piece : model.pieces) {
      if (!tv::utf8::is_valid(piece.text) || std::isnan(piece.score)) std::abort();
    }
  } catch (const tv::Error& error) {
    if (error.code() != tv::ErrorCode::bad_checkpoint) std::abort();
  }
  return 0;
}
