#pragma once

// How many CPUs this process may really use: the affinity mask, cut to the quota of its control group (v1 or v2). A
// pool sized by the machine instead is throttled in a container.

#include <cstddef>
#include <filesystem>

namespace tastevin {

/// At least 1. A quota of 1.5 CPUs counts as 2. `root` is where /proc and /sys are looked up; tests put files there.
std::size_t cpu_count(const std::filesystem::path& root = "/");

}  // namespace tastevin
