#include "prepare/quantize/statistics.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>

#include <openvino/openvino.hpp>

#include "base/error.h"
#include "prepare/quantize/sites.h"

namespace tastevin::int8 {
namespace {

constexpr std::size_t kSampled = 192;  // tokens: errors of layers are told apart by far fewer

/// Keeps of the tokens that pass a sample in which each is as likely as another (Vitter 1985, algorithm R).
class Observer {
 public:
  explicit Observer(std::size_t channels)
      : seen_{std::vector<float>(channels, std::numeric_limits<float>::max()),
              std::vector<float>(channels, std::numeric_limits<float>::lowest()),
              {0, channels, {}}} {}

  void add(const float* token) {
    for (std::size_t i = 0; i < seen_.low.size(); ++i) {
      seen_.low[i] = std::min(seen_.low[i], token[i]);
      seen_.high[i] = std::max(seen_.high[i], token[i]);
    }
    keep(token);
    ++tokens_;
  }

  Activations take() { return std::move(seen_); }

 private:
  void keep(const float* token) {
    Matrix& sample = seen_.sample;
    if (sample.rows < kSampled) {
      sample.values.insert(sample.values.end(), token, token + sample.columns);
      ++sample.rows;
      return;
    }
    const std::size_t place = dice_() % (tokens_ + 1);
    if (place < kSampled) std::copy(token, token + sample.columns, sample.row(place));
  }

  Activations seen_;
  std::size_t tokens_ = 0;
  std::mt19937_64 dice_{1};
};

std::vector<std::int64_t> input_of(const ov::Output<const ov::Node>& input, const Encoding& text) {
  const auto is = [&input](const char* name) { return input.get_names().contains(name); };
  if (is("input_ids")) return {text.ids.begin(), text.ids.end()};
  if (is("token_type_ids")) return {text.type_ids.begin(), text.type_ids.end()};
  std::vector<std::int64_t> values(text.ids.size(), 1);
  if (is("attention_mask")) return values;
  std::iota(values.begin(), values.end(), std::int64_t{0});
  if (is("position_ids")) return values;
  throw Error(ErrorCode::unsupported_model, "model input " + in_quotes(input.get_any_name()) +
                                                ": expected input_ids, attention_mask, token_type_ids or position_ids");
}

std::size_t channels_of(const Site& site) {
  const Product& product = site.products.front();
  const ov::Shape& shape = product.weights.get_shape();
  return product.out_axis == 0 ? shape.back() : shape.front();
}

void feed(ov::InferRequest& request, const ov::Model& model, const Encoding& text) {
  for (std::size_t i = 0; i < model.inputs().size(); ++i) {
    const std::vector<std::int64_t> values = input_of(model.input(i), text);
    ov::Tensor tensor(ov::element::i64, {1, values.size()});
    std::ranges::copy(values, tensor.data<std::int64_t>());
    request.set_input_tensor(i, tensor);
  }
}

}  // namespace

std::map<std::string, Activations> observe(const std::shared_ptr<ov::Model>& model, std::span<const Encoding> texts,
                                           std::size_t threads, const std::function<void()>& tick) {
  const auto observed = model->clone();
  const std::vector<Site> sites = sites_of(*observed);
  std::vector<Observer> observers;
  const std::size_t own_outputs = observed->outputs().size();
  for (const Site& site : sites) {
    observers.emplace_back(channels_of(site));
    observed->add_results({std::make_shared<ov::op::v0::Result>(site.input)});
  }
  ov::Core core;
  auto compiled = core.compile_model(observed, "CPU", ov::hint::inference_precision(ov::element::f32),
                                     ov::inference_num_threads(static_cast<std::int32_t>(threads)));
  auto request = compiled.create_infer_request();
  for (const Encoding& text : texts) {
    feed(request, *observed, text);
    request.infer();
    for (std::size_t i = 0; i < sites.size(); ++i) {
      const ov::Tensor values = request.get_output_tensor(own_outputs + i);
      const std::size_t channels = values.get_shape().back();
      for (std::size_t at = 0; at < values.get_size(); at += channels)
        observers[i].add(values.data<const float>() + at);
    }
    tick();
  }
  std::map<std::string, Activations> statistics;
  for (std::size_t i = 0; i < sites.size(); ++i) statistics.emplace(sites[i].name, observers[i].take());
  return statistics;
}

}  // namespace tastevin::int8
