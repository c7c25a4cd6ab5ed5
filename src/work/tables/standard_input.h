#pragma once

// Standard input, which may give something now, in an hour, or never: whoever waits for it can be told to go.

#include <cstddef>
#include <memory>
#include <streambuf>

namespace tastevin::tables {

/// As read(2) does, at most `count` of the bytes that have come, after waiting for some. 0 at the end, and once it was
/// left; below 0 with errno for an error.
std::ptrdiff_t read_standard_input(void* bytes, std::size_t count);

/// Whoever waits for standard input, on any thread, finds its end within 100 ms, until it is begun again.
void leave_standard_input();
void begin_standard_input();

/// Its bytes, for one reader at a time.
std::unique_ptr<std::streambuf> standard_input();

}  // namespace tastevin::tables
