#include "tastevin/quantize.h"

#include <sstream>

#include "base/cpu_features.h"
#include "base/error.h"
#include "model_folder/model_folder.h"
#include "prepare/quantize/sites.h"
#include "quantize_for.h"
#include "quantize_texts.h"
#include "quantize_trial.h"

namespace tastevin {
namespace {

void check_range(const char* name, std::optional<float> value, float low, float high) {
  if (!value || (*value >= low && *value <= high)) return;
  std::ostringstream message;
  message << name << ": expected " << low << " to " << high << ", found " << *value;
  throw Error(ErrorCode::invalid_argument, message.str());
}

/// Throws where the model cannot be judged as asked, before its texts are read: labels that hold on their own have no
/// accuracy here, a regression has no agreement.
void check_task(const QuantizeOptions& options, const ModelInfo& model) {
  const bool one_of_many = model.task == Task::single_label && model.labels.size() > 1;
  if ((options.data.empty() || one_of_many) && !(options.min_agreement && model.task == Task::regression)) return;
  throw Error(
      ErrorCode::invalid_argument,
      "accuracy needs a model that gives one label of many, agreement one that gives labels; this one's task is " +
          std::string(name_of(model.task)));
}

void check_promise(const QuantizeOptions& options, const JudgedTexts& judged) {
  check_range("max-drop", options.max_drop, -100, 100);
  check_range("min-agreement", options.min_agreement, 0, 100);
  if (options.max_drop && judged.labels.empty())
    throw Error(ErrorCode::invalid_argument, "max-drop: expected labelled texts to judge by (data), found none");
  if (options.min_agreement && judged.texts.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "min-agreement: expected texts to judge by (calibration or data), found none");
  }
}

Promise promise_of(const QuantizeOptions& options, const JudgedTexts& judged, const ModelInfo& model) {
  check_promise(options, judged);
  Promise promise{options.max_drop, options.min_agreement};
  if (!judged.labels.empty() && !promise.min_agreement) promise.max_drop = options.max_drop.value_or(0.5F);
  if (judged.labels.empty() && !judged.texts.empty() && model.task != Task::regression)
    promise.min_agreement = options.min_agreement.value_or(99.0F);
  return promise;
}

std::string in_words(const Promise& promise, Metric metric) {
  std::ostringstream words;
  if (promise.max_drop) {
    words << (metric == Metric::accuracy ? "accuracy" : "macro F1") << " falls by at most " << *promise.max_drop
          << " points";
  }
  if (promise.min_agreement)
    words << (promise.max_drop ? ", " : "") << "at least " << *promise.min_agreement
          << " % of the texts keep their label";
  return words.str();
}

constexpr const char* kWithoutByteProducts =
    "this CPU has neither VNNI nor AMX: int8 may be slower here than f32, and a full int8 model gets weights of "
    "7 bits, so that 16-bit sums do not saturate";

const char* why_nothing_is_promised(const JudgedTexts& judged) {
  return judged.texts.empty()
             ? "no texts to judge by: nothing is promised about the answers; the options calibration and data give some"
             : "a regression has no labels to agree on: nothing is promised but what the report says of its answers";
}

void check_model(const ModelParts& parts) {
  if (int8::is_quantized(*parts.graph.model))
    throw Error(ErrorCode::invalid_argument,
                "model " + in_quotes(parts.info.folder.string(), 200) + ": is int8 already");
}

void check_options(const QuantizeOptions& options) {
  if (options.metric != Metric::accuracy && options.data.empty())
    throw Error(ErrorCode::invalid_argument, "metric: expected labelled texts (data), found none");
  if (options.method == QuantizeMethod::full && options.calibration.empty())
    throw Error(ErrorCode::invalid_argument, "method full: expected texts to calibrate on (calibration), found none");
  if (!options.column.empty() && options.calibration.empty() && options.data.empty())
    throw Error(ErrorCode::invalid_argument, "column: expected a file of texts (calibration or data), found none");
  if (options.samples != QuantizeOptions{}.samples && options.method != QuantizeMethod::full)
    throw Error(ErrorCode::invalid_argument, "samples: expected method full, which calibrates; found weights");
  if (options.label_column != QuantizeOptions{}.label_column && options.data.empty())
    throw Error(ErrorCode::invalid_argument, "label-column: expected labelled texts (data), found none");
  if (options.samples == 0) throw Error(ErrorCode::invalid_argument, "samples: expected 1 or more, found 0");
}

}  // namespace

QuantizeReport quantize(const std::filesystem::path& model, const std::filesystem::path& out,
                        const QuantizeOptions& options, const Progress& progress) {
  return quantize_for(read_cpu_features("/proc/cpuinfo"), model, out, options, progress);
}

QuantizeReport quantize_for(const CpuFeatures& cpu, const std::filesystem::path& model,
                            const std::filesystem::path& out, const QuantizeOptions& options,
                            const Progress& progress) {
  const Progress tell = progress ? progress : [](const QuantizeProgress&) {};
  check_options(options);
  model_folder::check_replaceable(out);
  const ModelParts parts = open_model(model);
  check_model(parts);
  check_task(options, parts.info);
  const QuantizeTexts texts = read_quantize_texts(options, parts.info.labels);
  const Promise promise = promise_of(options, texts.judged, parts.info);

  QuantizeReport report;
  report.method = options.method;
  report.calibrated_on = texts.calibration.size();
  report.model.before = parts.info;
  report.promise = in_words(promise, options.metric);
  report.instruction_set = name_of(cpu);
  if (!cpu.multiplies_bytes()) report.warnings.emplace_back(kWithoutByteProducts);
  if (report.promise.empty()) report.warnings.push_back(why_nothing_is_promised(texts.judged));

  const auto quantized = quantize_until_it_holds({parts, options, texts, promise, cpu, tell}, report);
  model_folder::write(out, quantized, parts.info.folder,
                      {.family = parts.config.model_type,
                       .source = parts.info.folder.filename().string(),
                       .weights = "i8",
                       .quantization = to_json(report)});
  report.model.after = inspect(out);
  return report;
}

}  // namespace tastevin
