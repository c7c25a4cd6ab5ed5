#pragma once

// `quantize` for a CPU that is told, and need not be this one.

#include <filesystem>
#include <functional>

#include "base/cpu_features.h"
#include "tastevin/quantize.h"

namespace tastevin {

QuantizeReport quantize_for(const CpuFeatures& cpu, const std::filesystem::path& model,
                            const std::filesystem::path& out, const QuantizeOptions& options,
                            const std::function<void(const QuantizeProgress&)>& progress);

}  // namespace tastevin
