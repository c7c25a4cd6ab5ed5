// Any bytes as one of the files that a tokenizer without tokenizer.json is made of, the others being good. The first
// byte chooses which.

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "tokenizer_folder.h"

namespace {

struct Place {
  const char* folder;  // of tests/golden/tokenizer/folders
  const char* file;
};

constexpr std::array kPlaces{Place{"bert-cased", "vocab.txt"},
                             Place{"bert-cased", "tokenizer_config.json"},
                             Place{"bert-cased", "special_tokens_map.json"},
                             Place{"bert-cased", "added_tokens.json"},
                             Place{"roberta", "vocab.json"},
                             Place{"roberta", "merges.txt"},
                             Place{"albert", "tokenizer_config.json"},
                             Place{"mpnet", "config.json"}};

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace tv = tastevin;
  static const std::filesystem::path golden =
      std::filesystem::path(TASTEVIN_SOURCE_DIR) / "tests/golden/tokenizer/folders";
  if (size == 0) return 0;
  const Place& place = kPlaces[data[0] % kPlaces.size()];
  const tv::TemporaryFolder tokenizer;
  for (const auto& entry : std::filesystem::directory_iterator(golden / place.folder)) {
    if (entry.path().extension() != ".jsonl") std::filesystem::copy(entry.path(), tokenizer.path());
  }
  if (place.file == std::string_view("config.json")) std::filesystem::remove(tokenizer / "tokenizer_config.json");
  tokenizer.write(place.file, {reinterpret_cast<const char*>(data) + 1, size - 1});
  tv::fuzz::check_folder(tokenizer);
  return 0;
}
