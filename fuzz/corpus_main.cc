// Runs a fuzz target without libFuzzer, once over each file of the folders that are named, so that what was once found
// stays mended in every build, and over changed copies of each: a short fuzz where there is no clang.
//
//   NAME_fuzz FOLDER... [--mutants N]

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string_view>
#include <vector>

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

/// The same copy for the same number: some bytes replaced, and a piece removed or doubled.
Bytes mutant(Bytes bytes, std::uint32_t number) {
  std::mt19937 dice(number);
  const auto below = [&dice](std::size_t end) { return end == 0 ? 0 : dice() % end; };
  for (std::size_t changes = below(4); changes > 0 && !bytes.empty(); --changes)
    bytes[below(bytes.size())] = static_cast<std::uint8_t>(dice());
  const std::size_t offset = below(bytes.size() + 1);
  const std::size_t length = below(std::min<std::size_t>(64, bytes.size() - offset) + 1);
  const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(offset);
  const auto end = begin + static_cast<std::ptrdiff_t>(length);
  if (below(2) == 0) {
    bytes.erase(begin, end);
  } else {
    const Bytes piece(begin, end);
    bytes.insert(begin, piece.begin(), piece.end());
  }
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::filesystem::path> folders;
  std::uint32_t mutants = 0;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--mutants" && i + 1 < argc) {
      mutants = static_cast<std::uint32_t>(std::strtoul(argv[++i], nullptr, 10));
    } else {
      folders.emplace_back(argv[i]);
    }
  }
  std::size_t files = 0;
  for (const auto& folder : folders) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      std::printf("\n%s:", entry.path().c_str());
      const Bytes bytes = bytes_of(entry.path());
      for (std::uint32_t number = 0; number <= mutants; ++number) {
        std::printf(" %u", number);
        std::fflush(stdout);  // the last one printed is the one that failed
        const Bytes one = number == 0 ? bytes : mutant(bytes, number);
        LLVMFuzzerTestOneInput(one.data(), one.size());
      }
      ++files;
    }
  }
  return files == 0 ? 1 : 0;
}
