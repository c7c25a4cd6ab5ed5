#include "classify/runtime/session.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <mutex>

#include <openvino/openvino.hpp>

#include "base/cpu_count.h"
#include "base/error.h"
#include "classify/runtime/blob_store.h"
#include "classify/runtime/compile.h"
#include "classify/runtime/device.h"
#include "classify/runtime/safe_kernels.h"
#include "classify/runtime/specialize.h"

namespace tastevin::runtime {
namespace {

/// The type that the device computes in. AUTO does not answer for its device; it hands out a map by device.
ov::element::Type active_type(const ov::CompiledModel& compiled, const std::string& device) {
  const auto& hint = ov::hint::inference_precision;
  if (!device.starts_with("AUTO")) return compiled.get_property(hint);
  const auto by_device = compiled.get_property("DEVICE_PROPERTIES").as<ov::AnyMap>();
  for (const auto& [name, properties] : by_device) {
    const auto map = properties.as<ov::AnyMap>();
    if (const auto found = map.find(hint.name()); found != map.end()) return found->second.as<ov::element::Type>();
  }
  throw Error(ErrorCode::internal, "device " + in_quotes(device) + ": does not tell its precision");
}

std::string active_device(const ov::CompiledModel& compiled) {
  std::string names;
  for (const std::string& name : compiled.get_property(ov::execution_devices))
    names += (names.empty() ? "" : ",") + name;
  return names;
}

ov::AnyMap properties_for(const ModelOptions& options, std::size_t threads) {
  // Entries of compiled shapes that the CPU plugin keeps: 7 to 10 a shape, so the some 100 shapes that it saw last, of
  // the 200 that batch::plan may make. Never 0.
  constexpr int kCachedPrimitives = 1000;
  const auto streams = static_cast<std::int32_t>(options.mode == Mode::throughput ? threads : 1);
  return {ov::hint::inference_precision(type_of(options.precision)),  // always: left alone, a CPU with bf16 takes it
          ov::num_streams(ov::streams::Num(streams)),
          ov::inference_num_threads(static_cast<std::int32_t>(threads)),
          {"CPU_RUNTIME_CACHE_CAPACITY", kCachedPrimitives}};
}

/// Properties of the CPU go to it alone: other devices have other names for them.
ov::AnyMap scoped(const ov::AnyMap& cpu_properties, const ModelOptions& options, const std::string& device) {
  if (device == "CPU") return cpu_properties;
  ov::AnyMap properties{
      ov::hint::inference_precision(type_of(options.precision)),
      ov::hint::performance_mode(options.mode == Mode::throughput ? ov::hint::PerformanceMode::THROUGHPUT
                                                                  : ov::hint::PerformanceMode::LATENCY)};
  return properties;
}

/// A setting that would have no effect is refused.
void check_threads(std::size_t threads, const std::string& device) {
  constexpr std::size_t kMost = 4096;
  if (threads > kMost) {
    throw Error(ErrorCode::invalid_argument,
                "threads: expected at most " + std::to_string(kMost) + ", found " + std::to_string(threads));
  }
  if (threads > 0 && device != "CPU") {
    throw Error(ErrorCode::invalid_argument,
                "threads: expected 0, as the device is " + in_quotes(device) + " and not \"CPU\"");
  }
}

Precision check_precision(ov::element::Type active, Precision asked, const std::string& device) {
  if (active == type_of(asked)) return asked;
  throw Error(ErrorCode::unsupported_model, "device " + in_quotes(device) + ": asked to compute in " +
                                                std::string(name_of(asked)) + ", it would compute in " +
                                                active.to_string() + "; choose another precision");
}

/// What each input of a graph is fed with.
enum class GraphInput : std::uint8_t { input_ids, attention_mask, token_type_ids, position_ids, segment, first };

constexpr std::array<std::string_view, 6> kInputNames{"input_ids",    "attention_mask", "token_type_ids",
                                                      "position_ids", "segment",        "first"};

std::vector<GraphInput> inputs_of(const ov::Model& model) {
  std::vector<GraphInput> inputs;
  for (const auto& input : model.inputs()) {
    const auto known = std::ranges::find_if(
        kInputNames, [&](std::string_view name) { return input.get_names().contains(std::string(name)); });
    if (known == kInputNames.end()) {
      throw Error(ErrorCode::unsupported_model,
                  "model input " + in_quotes(input.get_any_name()) +
                      ": expected input_ids, attention_mask, token_type_ids or position_ids");
    }
    inputs.push_back(static_cast<GraphInput>(known - kInputNames.begin()));
  }
  return inputs;
}

/// Sizes of a request between which the CPU plugin reads weights again from the file to pack them for another kernel.
enum class RequestClass : std::uint8_t { one_token, few_tokens, many_tokens };

RequestClass class_of(const Batch& batch) {
  constexpr std::size_t kMany = 49;
  const std::size_t tokens = batch.rows * batch.length;
  if (tokens <= 1) return RequestClass::one_token;
  return tokens < kMany ? RequestClass::few_tokens : RequestClass::many_tokens;
}

/// A batch on its way: the request reads the batch's memory until it is done, so neither moves.
class Flight {
 public:
  Flight(ov::InferRequest request, Batch batch) : request_(std::move(request)), batch_(std::move(batch)) {}
  ~Flight() {
    // Left early by an exception: the device must not write into memory that is gone.
    if (!landed_) try_to_land();
  }
  Flight(const Flight&) = delete;
  Flight& operator=(const Flight&) = delete;

  void set_inputs(const std::vector<GraphInput>& inputs) {
    for (std::size_t i = 0; i < inputs.size(); ++i) request_.set_input_tensor(i, tensor_of(inputs[i]));
  }

  void start() {
    landed_ = false;
    request_.start_async();
  }

  void land() {
    request_.wait();
    landed_ = true;
  }

  Logits logits() {
    const ov::Tensor output = request_.get_output_tensor(0);
    const auto* values = output.data<const float>();
    const std::size_t slots = batch_.rows * batch_.slots;
    return {slots, output.get_size() / slots, {values, values + output.get_size()}};
  }

  const ov::InferRequest& request() const { return request_; }
  const Batch& batch() const { return batch_; }

 private:
  ov::Tensor tensor_of(GraphInput input) {
    switch (input) {
      case GraphInput::input_ids:
        return view(batch_.input_ids, batch_.length);
      case GraphInput::token_type_ids:
        return view(batch_.token_type_ids, batch_.length);
      case GraphInput::position_ids:
        return view(batch_.position_ids, batch_.length);
      case GraphInput::segment:
        return view(batch_.segment, batch_.length);
      case GraphInput::first:
        return view(batch_.first, batch_.slots);
      case GraphInput::attention_mask:
        break;
    }
    mask_.resize(batch_.segment.size());
    std::ranges::transform(batch_.segment, mask_.begin(), [](std::int64_t text) { return std::int64_t{text > 0}; });
    return view(mask_, batch_.length);
  }

  ov::Tensor view(std::vector<std::int64_t>& values, std::size_t width) const {
    return {ov::element::i64, ov::Shape{batch_.rows, width}, values.data()};
  }

  void try_to_land() noexcept {
    try {
      request_.wait();
    } catch (const std::exception&) {
      landed_ = true;  // its failure belongs to nobody any more
    }
  }

  ov::InferRequest request_;
  Batch batch_;
  std::vector<std::int64_t> mask_;
  bool landed_ = true;
};

}  // namespace

struct Session::State {
  ov::CompiledModel compiled;
  std::vector<std::shared_ptr<const MappedFile>> weights;
  std::string device;
  std::string warning;
  Precision precision = Precision::f32;
  Form form = Form::padded;
  std::vector<GraphInput> inputs;  // one an input, in the graph's order
  std::size_t in_flight = 1;
  std::size_t threads = 1;
  std::mutex mutex;
  std::vector<ov::InferRequest> idle;         // guarded by mutex
  std::array<std::atomic<bool>, 3> packed{};  // by RequestClass: whether its kernels have packed their weights

  std::unique_ptr<Flight> start(Batch batch) {
    auto flight = std::make_unique<Flight>(take(), std::move(batch));
    flight->set_inputs(inputs);
    flight->start();
    return flight;
  }

  Logits finish(Flight& flight) {
    flight.land();
    Logits logits = flight.logits();
    give_back(flight.request());
    if (!packed.at(static_cast<std::size_t>(class_of(flight.batch()))).exchange(true)) release_weights();
    return logits;
  }

  Error failure(const ov::Exception& error) const {
    return {ErrorCode::unavailable,
            "device " + in_quotes(device) + ": inference failed: " + in_quotes(error.what(), 300)};
  }

  void release_weights() const {
    for (const auto& file : weights) file->release_pages();
  }

 private:
  ov::InferRequest take() {
    const std::lock_guard lock(mutex);
    if (idle.empty()) return compiled.create_infer_request();
    ov::InferRequest request = std::move(idle.back());
    idle.pop_back();
    return request;
  }

  void give_back(const ov::InferRequest& request) {
    const std::lock_guard lock(mutex);
    idle.push_back(request);
  }
};

Session::Session(const std::shared_ptr<ov::Model>& model, std::vector<std::shared_ptr<const MappedFile>> weights,
                 const ModelOptions& options) try
    : state_(std::make_unique<State>()) {
  const std::string device = choose_device(options.device);
  check_threads(options.threads, device);
  state_->threads = options.threads == 0 ? cpu_count() : options.threads;
  state_->form = specialize(model);
  state_->inputs = inputs_of(*model);
  if (options.precision == Precision::f32) avoid_convolutions(model);
  const std::string slow = device == "CPU" ? int8_warning(*model, read_cpu_features("/proc/cpuinfo")) : "";
  Compiled compiled = compile(model, device, scoped(properties_for(options, state_->threads), options, device),
                              cache_folder(options.cache_dir));
  state_->compiled = std::move(compiled.model);
  state_->warning = compiled.warning + (slow.empty() || compiled.warning.empty() ? "" : "; ") + slow;
  state_->weights = compiled.blob ? std::vector{std::move(compiled.blob)} : std::move(weights);
  state_->device = active_device(state_->compiled);
  state_->precision = check_precision(active_type(state_->compiled, device), options.precision, state_->device);
  state_->in_flight = std::max<std::size_t>(1, state_->compiled.get_property(ov::optimal_number_of_infer_requests));
  state_->release_weights();
} catch (const ov::Exception& error) {
  throw Error(ErrorCode::unsupported_model, "the graph cannot be run: " + in_quotes(error.what(), 300));
}

Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

bool Session::packs() const noexcept { return state_->form == Form::packed; }
std::size_t Session::in_flight() const noexcept { return state_->in_flight; }
std::size_t Session::threads() const noexcept { return state_->threads; }
const std::string& Session::device() const noexcept { return state_->device; }
Precision Session::precision() const noexcept { return state_->precision; }
const std::string& Session::warning() const noexcept { return state_->warning; }

void Session::infer_all(const std::function<std::optional<Batch>()>& next,
                        const std::function<void(const Batch&, const Logits&)>& done) const {
  std::deque<std::unique_ptr<Flight>> flights;
  bool more = true;
  const auto take_off = [&] {
    // One more than run side by side, so that none of them waits while the next is made.
    while (more && flights.size() <= state_->in_flight) {
      std::optional<Batch> batch = next();
      more = batch.has_value();
      if (more) flights.push_back(state_->start(std::move(*batch)));
    }
  };
  try {
    for (take_off(); !flights.empty(); take_off()) {
      const std::unique_ptr<Flight> first = std::move(flights.front());
      flights.pop_front();
      const Logits logits = state_->finish(*first);
      done(first->batch(), logits);
    }
  } catch (const ov::Exception& error) {
    throw state_->failure(error);
  }
}

}  // namespace tastevin::runtime
