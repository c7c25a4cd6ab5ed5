#pragma once

// What a process holds of the machine's memory, as Linux tells it in /proc, and giving some of it back.

#include <cstddef>
#include <filesystem>

namespace tastevin {

struct ProcessMemory {
  std::size_t resident = 0;   ///< bytes, mapped files counted
  std::size_t anonymous = 0;  ///< of it, what no file stands behind
};

/// Of this process, or of the one whose /proc/PID/status is named; zeros when it cannot be read.
ProcessMemory process_memory(const std::filesystem::path& status = "/proc/self/status");

/// Has the allocator spread over `most` arenas instead of eight a CPU: each keeps what it once held, so a process whose
/// threads come and go would grow for hours. Before the threads begin.
void limit_arenas(std::size_t most);

/// Gives back to the system what this process has freed and its allocator keeps, spread over the arenas of its threads.
/// Takes some ms, in which other threads' allocations wait.
void release_freed_memory();

}  // namespace tastevin
