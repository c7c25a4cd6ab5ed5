#include "base/cpu_features.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

namespace tastevin {

CpuFeatures read_cpu_features(const std::filesystem::path& cpuinfo) {
  std::ifstream file(cpuinfo);
  std::string line;
  while (std::getline(file, line) && !line.starts_with("flags")) {
  }
  std::istringstream words(line.substr(std::min(line.find(':'), line.size())));
  std::set<std::string> flags;
  for (std::string word; words >> word;) flags.insert(word);
  return {.avx2 = flags.contains("avx2"),
          .avx512 = flags.contains("avx512f"),
          .vnni = flags.contains("avx512_vnni") || flags.contains("avx_vnni"),
          .amx = flags.contains("amx_int8"),
          .bf16 = flags.contains("avx512_bf16") || flags.contains("amx_bf16")};
}

std::string name_of(const CpuFeatures& features) {
  const std::pair<bool, const char*> named[] = {{features.avx512, "AVX-512"},
                                                {features.avx2 && !features.avx512, "AVX2"},
                                                {features.vnni, "VNNI"},
                                                {features.amx, "AMX"},
                                                {features.bf16, "bf16"}};
  std::string text;
  for (const auto& [has, name] : named) {
    if (has) text += (text.empty() ? "" : ", ") + std::string(name);
  }
  return text.empty() ? "none that matters" : text;
}

}  // namespace tastevin
