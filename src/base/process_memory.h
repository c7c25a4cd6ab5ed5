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

/// Bounds what the allocator keeps for itself, for a process that is to run for weeks. It spreads over `arenas` arenas
/// instead of eight a CPU, as each keeps what it once held. And each block of a MiB or more goes back to the system
/// when it is freed: left alone, the allocator takes ever larger blocks from its heaps once one was freed, and a tensor
/// of a few MiB leaves holes there. Before the threads begin.
void bound_allocator(std::size_t arenas);

/// Gives back to the system what this process has freed and its allocator keeps, spread over the arenas of its threads.
/// Takes some ms, in which other threads' allocations wait.
void release_freed_memory();

}  // namespace tastevin
