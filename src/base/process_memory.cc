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

void bound_allocator(std::size_t arenas) {
  // NOLINTBEGIN(concurrency-mt-unsafe): before the threads begin
  ::mallopt(M_ARENA_MAX, static_cast<int>(arenas));
  ::mallopt(M_MMAP_THRESHOLD, 1 << 20);  // and so it no longer moves
  // NOLINTEND(concurrency-mt-unsafe)
}

void release_freed_memory() { ::malloc_trim(0); }

}  // namespace tastevin
