// What the library adds to one text: `Classifier::classify` against the bare OpenVINO request of the same graph with
// the same input, in turns, one stream on all CPUs.
//
//   single_text MODEL TEXTS [--precision f32|bf16] [--threads N] [--texts N]   (--help has the others)
//
// Two bare requests: of the packed graph with the row that the plan makes (rounded up), which is what the library runs;
// and of the graph as it lies on disk with the text's own length. All inputs are prepared beforehand.

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include <openvino/openvino.hpp>

#include "base/stopwatch.h"
#include "bench/percentile.h"
#include "classify/batch/pack.h"
#include "classify/batch/plan.h"
#include "classify/runtime/device.h"
#include "classify/runtime/safe_kernels.h"
#include "classify/runtime/specialize.h"
#include "open_model.h"
#include "run_program.h"
#include "tastevin/bench.h"
#include "tastevin/classifier.h"

namespace {

using namespace tastevin;

struct Settings {
  std::string model;
  std::string texts;
  ModelOptions options{.device = "CPU", .mode = Mode::latency};
  std::size_t count = 200;
};

ov::CompiledModel compile(const std::shared_ptr<ov::Model>& model, const ModelOptions& options) {
  ov::AnyMap properties{ov::hint::inference_precision(runtime::type_of(options.precision)),
                        ov::num_streams(ov::streams::Num(1))};
  if (options.threads > 0) properties.insert(ov::inference_num_threads(static_cast<std::int32_t>(options.threads)));
  return runtime::core().compile_model(model, "CPU", properties);
}

/// The vector of `batch` that an input of that name takes.
std::vector<std::int64_t> values_of(Batch& batch, const ov::Output<const ov::Node>& input) {
  const auto& names = input.get_names();
  if (names.contains("input_ids")) return batch.input_ids;
  if (names.contains("position_ids")) return batch.position_ids;
  if (names.contains("token_type_ids")) return batch.token_type_ids;
  if (names.contains("first")) return batch.first;
  return batch.segment;  // `segment`, and `attention_mask` for a row of one text without filler
}

class BareRequest {
 public:
  explicit BareRequest(const ov::CompiledModel& compiled)
      : compiled_(compiled), request_(compiled_.create_infer_request()) {}

  void set(Batch batch) {
    values_.clear();
    for (const auto& input : compiled_.inputs()) values_.push_back(values_of(batch, input));
    for (std::size_t i = 0; i < values_.size(); ++i)
      request_.set_input_tensor(i, ov::Tensor(ov::element::i64, {1, values_[i].size()}, values_[i].data()));
  }

  double ms() {
    const Stopwatch watch;
    request_.infer();
    return watch.ms();
  }

 private:
  ov::CompiledModel compiled_;
  ov::InferRequest request_;
  std::vector<std::vector<std::int64_t>> values_;
};

Batch batch_of(const Encoding& encoding, std::size_t length, std::int32_t pad_id) {
  return batch::pack({.length = length, .slots = 1, .rows = {{0}}}, std::span(&encoding, 1), pad_id);
}

void measure(const Settings& settings) {
  ModelParts parts = open_model(settings.model);
  BareRequest standard(compile(parts.graph.model->clone(), settings.options));
  runtime::specialize(parts.graph.model);
  if (settings.options.precision == Precision::f32) runtime::avoid_convolutions(parts.graph.model);
  BareRequest packed(compile(parts.graph.model, settings.options));
  const Classifier classifier = Classifier::load(settings.model, settings.options);

  std::vector<std::string> texts = read_texts(settings.texts);
  if (texts.size() > settings.count) texts.resize(settings.count);
  std::vector<double> whole_ms;
  std::vector<double> packed_ms;
  std::vector<double> standard_ms;
  std::vector<double> to_packed;
  std::vector<double> to_standard;
  for (int round = 0; round < 4; ++round) {
    for (const std::string& text : texts) {
      const Encoding encoding = parts.tokenizer.encode({text}, {.max_length = parts.info.max_length});
      const std::size_t length = encoding.ids.size();
      packed.set(batch_of(encoding, batch::plan(std::span(&length, 1), {}).front().length, parts.tokenizer.pad_id()));
      standard.set(batch_of(encoding, length, parts.tokenizer.pad_id()));
      const double packed_now = packed.ms();
      const Stopwatch watch;
      classifier.classify(text);
      const double whole_now = watch.ms();
      const double standard_now = standard.ms();
      if (round == 0) continue;  // every shape for the first time
      whole_ms.push_back(whole_now);
      packed_ms.push_back(packed_now);
      standard_ms.push_back(standard_now);
      to_packed.push_back(whole_now / packed_now);
      to_standard.push_back(whole_now / standard_now);
    }
  }
  const auto print = [](const char* name, const std::vector<double>& values) {
    std::printf("%-44s p50 %8.3f  p90 %8.3f\n", name, bench::percentile(values, 50), bench::percentile(values, 90));
  };
  print("classify, ms", whole_ms);
  print("bare request, same row, ms", packed_ms);
  print("bare request, standard graph, own length, ms", standard_ms);
  print("classify / bare, same row, text by text", to_packed);
  print("classify / bare, own length, text by text", to_standard);
  std::printf("p50 against p50: %+.1f %% the same row, %+.1f %% the text's own length\n",
              (bench::percentile(whole_ms, 50) / bench::percentile(packed_ms, 50) - 1) * 100,
              (bench::percentile(whole_ms, 50) / bench::percentile(standard_ms, 50) - 1) * 100);
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("What the library adds to one text");
  benchmarks::add_inputs(app, settings.model, settings.texts, settings.options);
  cli::add_flag(app, "--texts", settings.count, "texts of the file to take")->check(CLI::PositiveNumber);
  return benchmarks::run_program(app, argc, argv, [&settings] { measure(settings); });
}
