#pragma once

// A graph made ready for a device, from the cache where that pays. The CPU plugin takes 0.5 to 1.4 s to compile a graph
// of quantized activations and 0.1 s to read it back compiled; any other graph it compiles about as fast as it would
// read one, so none of those is kept.

#include <filesystem>
#include <memory>
#include <string>

#include <openvino/openvino.hpp>

#include "base/cpu_features.h"
#include "base/mapped_file.h"

namespace tastevin::runtime {

struct Compiled {
  ov::CompiledModel model;
  std::shared_ptr<const MappedFile> blob;  // what holds its weights, when it came from the cache
  std::string warning;                     // why the cache was of no use, when it should have been
};

/// Compiles `model` for `device`. `cache` is where compiled models are kept; empty: none is. A damaged, full or
/// read-only cache costs a warning. Throws `Error{unavailable}` when the device cannot compile the model.
Compiled compile(const std::shared_ptr<ov::Model>& model, const std::string& device, const ov::AnyMap& properties,
                 const std::filesystem::path& cache);

/// What is to be said of int8 activations on a CPU of such features; empty when nothing is.
std::string int8_warning(const ov::Model& model, const CpuFeatures& features);

}  // namespace tastevin::runtime
