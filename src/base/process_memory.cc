#include "base/process_memory.h"

#include <malloc.h>

#include <fstream>
#include <sstream>
#include <string>

namespace tastevin {

ProcessMemory process_memory(const std::filesystem::path& status) {
  ProcessMemory memory;
  std::ifstream file(status);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);  // "VmRSS:     1234 kB"
    std::string key;
    std::size_t kibibytes = 0;
    words >> key >> kibibytes;
    if (key == "VmRSS:") memory.resident = kibibytes * 1024;
    if (key == "RssAnon:") memory.anonymous = kibibytes * 1024;
  }
  return memory;
}

void limit_arenas(std::size_t most) {
  ::mallopt(M_ARENA_MAX, static_cast<int>(most));  // NOLINT(concurrency-mt-unsafe): before the threads begin
}

void release_freed_memory() { ::malloc_trim(0); }

}  // namespace tastevin
