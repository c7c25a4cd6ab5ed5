#include "bench/matmul_peak.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <openvino/op/ops.hpp>
#include <openvino/openvino.hpp>

#include "base/error.h"
#include "base/stopwatch.h"
#include "classify/runtime/device.h"

namespace tastevin::bench {
namespace {

constexpr std::size_t kRows = 512;
constexpr std::size_t kNarrow = 768;
constexpr std::size_t kWide = 3072;
constexpr std::size_t kProducts = 24;

/// Values that no optimization can take for a constant, small enough that the chain neither grows nor fades: a product
/// of width k adds up k terms, so its factors have the deviation 1/sqrt(k).
std::vector<float> scattered(std::size_t count, float reach) {
  std::vector<float> values(count);
  std::uint32_t state = 1;
  for (float& value : values) {
    state = state * 1664525U + 1013904223U;  // Numerical Recipes' generator: enough for values that only fill a matrix
    value = (static_cast<float>(state >> 8U) / 8388608.0F - 1.0F) * reach;
  }
  return values;
}

ov::Output<ov::Node> product(const ov::Output<ov::Node>& left, std::size_t inner, std::size_t width) {
  const float reach = std::sqrt(3.0F / static_cast<float>(inner));
  const auto right = ov::op::v0::Constant::create(ov::element::f32, {inner, width}, scattered(inner * width, reach));
  return std::make_shared<ov::op::v0::MatMul>(left, right);
}

std::shared_ptr<ov::Model> chain() {
  const auto input = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::PartialShape{kRows, kNarrow});
  ov::Output<ov::Node> value = input;
  for (std::size_t i = 0; i < kProducts / 2; ++i) value = product(product(value, kNarrow, kWide), kWide, kNarrow);
  return std::make_shared<ov::Model>(ov::OutputVector{value}, ov::ParameterVector{input}, "peak");
}

ov::AnyMap properties(const PeakSettings& settings) {
  return {ov::hint::inference_precision(runtime::type_of(settings.precision)),
          ov::num_streams(ov::streams::Num(static_cast<std::int32_t>(settings.streams))),
          ov::inference_num_threads(static_cast<std::int32_t>(settings.threads))};
}

}  // namespace

struct MatmulPeak::State {
  ov::CompiledModel compiled;
  std::vector<ov::InferRequest> requests;
};

MatmulPeak::MatmulPeak(const PeakSettings& settings) : state_(std::make_unique<State>()) {
  try {
    state_->compiled = runtime::core().compile_model(chain(), "CPU", properties(settings));
    const std::vector<float> values = scattered(kRows * kNarrow, 1);
    for (std::size_t i = 0; i < settings.streams; ++i) {
      ov::InferRequest request = state_->compiled.create_infer_request();
      std::ranges::copy(values, request.get_input_tensor().data<float>());
      state_->requests.push_back(std::move(request));
    }
  } catch (const ov::Exception& error) {
    throw Error(ErrorCode::unavailable, "matrix products on the CPU: " + in_quotes(error.what(), 300));
  }
  sample();
}

MatmulPeak::~MatmulPeak() = default;
MatmulPeak::MatmulPeak(MatmulPeak&&) noexcept = default;
MatmulPeak& MatmulPeak::operator=(MatmulPeak&&) noexcept = default;

double MatmulPeak::sample() {
  const Stopwatch watch;
  for (ov::InferRequest& request : state_->requests) request.start_async();
  for (ov::InferRequest& request : state_->requests) request.wait();
  constexpr double kFlops = 2.0 * kRows * kNarrow * kWide * kProducts;
  return kFlops * static_cast<double>(state_->requests.size()) / watch.ms() / 1e6;
}

}  // namespace tastevin::bench
