// Any bytes as text, through tokenizers that between them have every component. The first bytes choose the tokenizer
// and the options; a zero byte after them parts the text from its pair.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "tokenizer_folder.h"

namespace {

using tastevin::tokenizer::Tokenizer;

constexpr std::size_t kHeaderBytes = 3;

std::vector<Tokenizer> load_components() {
  const auto golden = std::filesystem::path(TASTEVIN_SOURCE_DIR) / "tests/golden/tokenizer";
  std::vector<std::filesystem::path> folders;
  for (const char* kind : {"components", "folders"}) {
    for (const auto& entry : std::filesystem::directory_iterator(golden / kind)) folders.push_back(entry.path());
  }
  std::ranges::sort(folders);  // so that an input means the same tokenizer on every run
  std::vector<Tokenizer> tokenizers;
  tokenizers.reserve(folders.size());
  for (const auto& folder : folders) tokenizers.push_back(Tokenizer::load(folder));
  return tokenizers;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<Tokenizer> tokenizers = load_components();
  if (size < kHeaderBytes) return 0;
  const Tokenizer& tokenizer = tokenizers[data[0] % tokenizers.size()];
  const tastevin::tokenizer::EncodeOptions options{.max_length = data[1],
                                                   .truncation = static_cast<tastevin::Truncation>(data[2] & 1U),
                                                   .special_tokens = (data[2] & 2U) != 0};
  std::string_view text(reinterpret_cast<const char*>(data) + kHeaderBytes, size - kHeaderBytes);
  tastevin::Text given{.text = text, .pair = {}};
  if (const std::size_t cut = text.find('\0'); cut != std::string_view::npos)
    given = {.text = text.substr(0, cut), .pair = text.substr(cut + 1)};
  try {
    tastevin::fuzz::check_encoding(tokenizer, given, options);
  } catch (const tastevin::Error& error) {
    tastevin::fuzz::require(error.code() == tastevin::ErrorCode::invalid_argument);  // no room for the special tokens
  }
  return 0;
}
