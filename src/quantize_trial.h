#pragma once

// The loop of the guarantee: a model goes to int8, is judged, and gets layers back until the promise holds.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/cpu_features.h"
#include "prepare/quantize/static_int8.h"
#include "quantize_texts.h"
#include "tastevin/quantize.h"

namespace tastevin {

/// What was asked for, made definite by the texts that there are.
struct Promise {
  std::optional<double> max_drop;
  std::optional<double> min_agreement;

  bool holds(const QuantizeQuality& quality, Metric metric) const;
};

/// Called with how far the work has come.
using Progress = std::function<void(const QuantizeProgress&)>;

/// A model in int8, with any of its layers left as they were.
class Quantizer {
 public:
  /// Under `QuantizeMethod::full`, observes the activations on `calibration` and chooses how they become bytes.
  Quantizer(const ModelParts& parts, const QuantizeOptions& options, const std::vector<std::string>& calibration,
            const CpuFeatures& cpu, const Progress& progress);

  /// What can be int8, in the order of the graph: the words' table, unless it is to be kept, and the sites.
  std::vector<QuantizedLayer> layers() const;

  /// Every layer but those named in `kept`.
  std::shared_ptr<ov::Model> without(const std::set<std::string>& kept) const;
  /// One layer and nothing else.
  std::shared_ptr<ov::Model> with_only(const std::string& layer) const;

 private:
  void calibrate(const std::vector<std::string>& texts, const Progress& progress);

  const ModelParts& parts_;
  const QuantizeOptions& options_;
  float largest_code_;
  std::string words_;  // the name of their table; empty when it is to be kept
  std::vector<int8::Site> sites_;
  std::map<std::string, int8::Activations> seen_;
  std::map<std::string, int8::Scheme> schemes_;
};

/// What is to be quantized, how, and what must hold of it.
struct QuantizeTask {
  const ModelParts& parts;
  const QuantizeOptions& options;
  const QuantizeTexts& texts;
  const Promise& promise;
  const CpuFeatures& cpu;  // where it is to run
  const Progress& progress;
};

/// The int8 model of which the promise holds, and what was found on the way in `report`. Throws `Error{rejected}`, and
/// `Error{unsupported_model}` for a graph in which nothing can be int8.
std::shared_ptr<ov::Model> quantize_until_it_holds(const QuantizeTask& task, QuantizeReport& report);

}  // namespace tastevin
