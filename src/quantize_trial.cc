#include "quantize_trial.h"

#include <algorithm>
#include <sstream>

#include <openvino/core/model.hpp>

#include "base/error.h"
#include "prepare/quantize/sites.h"
#include "prepare/quantize/weight_only.h"

namespace tastevin {
namespace {

constexpr std::size_t kTextsForSensitivity = 48;

std::vector<Encoding> encoded(const ModelParts& parts, const std::vector<std::string>& texts) {
  std::vector<Encoding> encodings;
  encodings.reserve(texts.size());
  for (const std::string& text : texts)
    encodings.push_back(parts.tokenizer.encode({text}, {.max_length = parts.info.max_length}));
  return encodings;
}

/// Quantizes, judges, and gives back the layer that moves the answers most, until the promise holds.
class Trial {
 public:
  Trial(const ModelParts& parts, const QuantizeOptions& options, const Quantizer& quantizer, const JudgedTexts& judged,
        const Progress& progress)
      : parts_(parts),
        options_(options),
        quantizer_(quantizer),
        judged_(judged),
        progress_(progress),
        before_(answer(parts.graph.model, judged.texts)) {}

  const Answers& before() const { return before_; }

  void measure_sensitivity(std::vector<QuantizedLayer>& layers) const {
    const auto some = std::span(judged_.texts).first(std::min(judged_.texts.size(), kTextsForSensitivity));
    for (std::size_t i = 0; i < layers.size(); ++i) {
      progress_({"trying each alone, layers", i + 1, layers.size()});
      layers[i].sensitivity = distance(before_, answer(quantizer_.with_only(layers[i].name), some));
    }
  }

  std::shared_ptr<ov::Model> run(const Promise& promise, QuantizeReport& report) const {
    std::set<std::string> kept;
    while (true) {
      progress_({"judging, layers given back", kept.size(), report.layers.size()});
      auto model = quantizer_.without(kept);
      const Answers after = answer(model, judged_.texts);
      report.quality = compare(before_, after, judged_, parts_.info);
      report.texts_per_s.after = after.texts_per_s;
      if (kept.empty()) report.texts_per_s_without_promise = after.texts_per_s;
      if (promise.holds(*report.quality, options_.metric)) return model;
      if (kept.size() + 1 >= report.layers.size()) reject(*report.quality, report.promise, options_.metric);
      kept.insert(give_back_one(report.layers));
    }
  }

 private:
  Answers answer(const std::shared_ptr<ov::Model>& model, std::span<const std::string> texts) const {
    return answers_of(model, parts_, texts, options_.threads);
  }

  static std::string give_back_one(std::vector<QuantizedLayer>& layers) {
    const auto worth = [](const QuantizedLayer& layer) { return layer.kept ? -1.0 : layer.sensitivity.value_or(0); };
    const auto most = std::ranges::max_element(layers, std::ranges::less{}, worth);
    most->kept = true;
    return most->name;
  }

  [[noreturn]] static void reject(const QuantizeQuality& quality, const std::string& promise, Metric metric) {
    std::ostringstream found;
    found << "the promise (" << promise << ") does not hold even with a single layer in int8: agreement "
          << quality.agreement.percent << " %";
    if (quality.labelled && metric == Metric::accuracy) {
      found << ", accuracy " << quality.accuracy.before.percent << " % before and " << quality.accuracy.after.percent
            << " % after";
    } else if (quality.labelled) {
      found << ", macro F1 " << quality.macro_f1.before << " % before and " << quality.macro_f1.after << " % after";
    }
    throw Error(ErrorCode::rejected, found.str() + "; nothing was written");
  }

  const ModelParts& parts_;
  const QuantizeOptions& options_;
  const Quantizer& quantizer_;
  const JudgedTexts& judged_;
  const Progress& progress_;
  Answers before_;
};

}  // namespace

bool Promise::holds(const QuantizeQuality& quality, Metric metric) const {
  constexpr double kRounding = 1e-9;
  const double drop = metric == Metric::accuracy ? quality.accuracy.before.percent - quality.accuracy.after.percent
                                                 : quality.macro_f1.before - quality.macro_f1.after;
  return (!max_drop || drop <= *max_drop + kRounding) &&
         (!min_agreement || quality.agreement.percent + kRounding >= *min_agreement);
}

Quantizer::Quantizer(const ModelParts& parts, const QuantizeOptions& options,
                     const std::vector<std::string>& calibration, const CpuFeatures& cpu, const Progress& progress)
    : parts_(parts),
      options_(options),
      largest_code_(cpu.multiplies_bytes() ? int8::kLargestCode : int8::kLargestCodeIn16Bits),
      sites_(int8::sites_of(*parts.graph.model)) {
  const auto lookups = int8::word_lookups(*parts.graph.model);
  if (!options.keep_embeddings && !lookups.empty()) words_ = int8::table_name(*lookups.front());
  if (options.method == QuantizeMethod::full) calibrate(calibration, progress);
}

void Quantizer::calibrate(const std::vector<std::string>& texts, const Progress& progress) {
  std::size_t done = 0;
  seen_ = int8::observe(parts_.graph.model, encoded(parts_, texts), options_.threads,
                        [&] { progress({"calibrating, texts", ++done, texts.size()}); });
  for (const int8::Site& site : sites_) {
    progress({"choosing ranges, layers", schemes_.size() + 1, sites_.size()});
    schemes_.emplace(site.name, int8::best_scheme(site, seen_.at(site.name), largest_code_));
  }
}

std::vector<QuantizedLayer> Quantizer::layers() const {
  std::vector<QuantizedLayer> layers;
  if (!words_.empty()) layers.push_back({words_, 1, std::nullopt, false});
  for (const int8::Site& site : sites_) layers.push_back({site.name, site.products.size(), std::nullopt, false});
  return layers;
}

std::shared_ptr<ov::Model> Quantizer::without(const std::set<std::string>& kept) const {
  auto model = parts_.graph.model->clone();
  if (options_.method == QuantizeMethod::full) {
    int8::quantize_sites(model, schemes_, seen_, kept);
  } else {
    int8::quantize_weights(model, kept);
  }
  if (!words_.empty() && !kept.contains(words_)) int8::quantize_words(model);
  return model;
}

std::shared_ptr<ov::Model> Quantizer::with_only(const std::string& layer) const {
  std::set<std::string> others;
  for (const QuantizedLayer& each : layers()) others.insert(each.name);
  others.erase(layer);
  return without(others);
}

namespace {

std::shared_ptr<ov::Model> quantized_as_promised(const QuantizeTask& task, QuantizeReport& report) {
  const Quantizer quantizer(task.parts, task.options, task.texts.calibration, task.cpu, task.progress);
  report.layers = quantizer.layers();
  if (report.layers.empty())
    throw Error(ErrorCode::unsupported_model,
                "model " + in_quotes(task.parts.info.folder.string(), 200) + ": has no layer that can be int8");
  const JudgedTexts& judged = task.texts.judged;
  if (judged.texts.empty()) return quantizer.without({});
  task.progress({"answering as before, texts", judged.texts.size(), judged.texts.size()});
  const Trial trial(task.parts, task.options, quantizer, judged, task.progress);
  report.texts_per_s.before = trial.before().texts_per_s;
  trial.measure_sensitivity(report.layers);
  return trial.run(task.promise, report);
}

}  // namespace

std::shared_ptr<ov::Model> quantize_until_it_holds(const QuantizeTask& task, QuantizeReport& report) {
  try {
    return quantized_as_promised(task, report);
  } catch (const ov::Exception& error) {
    throw Error(ErrorCode::unsupported_model, "model " + in_quotes(task.parts.info.folder.string(), 200) +
                                                  ": its graph cannot be quantized: " + in_quotes(error.what(), 300));
  }
}

}  // namespace tastevin
