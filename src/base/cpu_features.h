#pragma once

// What this CPU can do that decides how fast and how exact int8 is.

#include <filesystem>
#include <string>

namespace tastevin {

struct CpuFeatures {
  bool avx2 = false;
  bool avx512 = false;
  bool vnni = false;  // AVX-512 VNNI or AVX-VNNI
  bool amx = false;   // AMX-INT8
  bool bf16 = false;

  /// Whether bytes are multiplied into 32 bits at once; without it they pass through 16, which is slower and can
  /// saturate.
  bool multiplies_bytes() const { return vnni || amx; }
};

/// The flags of the first processor of `cpuinfo`; none when it cannot be read.
CpuFeatures read_cpu_features(const std::filesystem::path& cpuinfo);

/// "AVX-512, VNNI, bf16"
std::string name_of(const CpuFeatures& features);

}  // namespace tastevin
