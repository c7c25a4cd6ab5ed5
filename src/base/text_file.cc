#include "base/text_file.h"

#include <array>
#include <fstream>

#include "base/error.h"

namespace tastevin {

std::string read_text_file(const std::filesystem::path& path, std::size_t limit) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  std::array<char, 4096> part{};
  while (file && text.size() <= limit) {
    file.read(part.data(), part.size());
    text.append(part.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (!file.is_open() || file.bad())
    throw Error(ErrorCode::not_found, in_quotes(path.string(), 200) + ": cannot be read");
  if (text.size() > limit)
    throw Error(ErrorCode::too_large,
                in_quotes(path.string(), 200) + ": expected at most " + std::to_string(limit) + " bytes, found more");
  return text;
}

}  // namespace tastevin
