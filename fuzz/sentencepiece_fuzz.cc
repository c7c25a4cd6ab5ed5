// Any bytes as a sentencepiece model. The first byte chooses the class that reads it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tokenizer_folder.h"

namespace {

struct Reader {
  std::string_view file;
  std::string_view config;
};

constexpr std::array<Reader, 4> kReaders{{{"spm.model", R"({"tokenizer_class":"DebertaV2Tokenizer"})"},
                                          {"sentencepiece.bpe.model", R"({"tokenizer_class":"XLMRobertaTokenizer"})"},
                                          {"spiece.model", R"({"tokenizer_class":"AlbertTokenizer"})"},
                                          {"sentencepiece.bpe.model", R"({"tokenizer_class":"CamembertTokenizer"})"}}};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const tastevin::TemporaryFolder folder;
  const Reader& reader = kReaders[data[0] % kReaders.size()];
  folder.write("tokenizer_config.json", reader.config);
  folder.write(std::string(reader.file), {reinterpret_cast<const char*>(data) + 1, size - 1});
  tastevin::fuzz::check_folder(folder);
  return 0;
}
