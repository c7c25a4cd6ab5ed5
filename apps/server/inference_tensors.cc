#include "inference_tensors.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/ranking.h"
#include "base/utf8.h"
#include "request_json.h"
#include "service.h"

namespace tastevin::server {
namespace {

/// Triton's classification: the best values as "value:index:label".
Tensor classification(const InferRequest::Output& output, const serve::Reply& reply,
                      const std::vector<std::string>& labels) {
  const std::size_t count = std::min(output.classification, labels.size());
  Tensor tensor{.name = output.name,
                .shape = {static_cast<std::int64_t>(reply.outcomes.size()), static_cast<std::int64_t>(count)},
                .texts = {},
                .numbers = {},
                .is_text = true};
  for (const serve::Outcome& outcome : reply.outcomes) {
    std::vector<float> values =
        output.name == "logits" ? outcome.prediction.logits : scores_by_id(outcome.prediction, labels.size());
    const std::vector<std::size_t> order = highest_first(values);
    for (const std::size_t i : std::span(order).first(count))
      tensor.texts.push_back(dumped(values[i]) + ":" + std::to_string(i) + ":" + labels[i]);
  }
  return tensor;
}

}  // namespace

void check_version(const std::string& wanted, const serve::ServedModel& model) {
  if (!wanted.empty() && wanted != model.version())
    throw Error(ErrorCode::not_found, "version " + in_quotes(wanted, 40) + ": expected " + model.version());
}

void complete(InferRequest& request, bool binary) {
  request.options.top_k = 0;
  request.options.threshold.reset();
  if (request.outputs.empty()) request.outputs = {{"label", 0, binary}, {"score", 0, binary}};
  request.options.logits =
      std::ranges::find(request.outputs, "logits", &InferRequest::Output::name) != request.outputs.end();
}

std::vector<std::string> elements_of(std::string_view bytes) {
  static_assert(std::endian::native == std::endian::little);
  std::vector<std::string> elements;
  while (!bytes.empty()) {
    std::uint32_t length = 0;
    if (bytes.size() < sizeof length) throw Error(ErrorCode::invalid_argument, "text: its binary data is cut off");
    std::memcpy(&length, bytes.data(), sizeof length);
    bytes.remove_prefix(sizeof length);
    if (length > bytes.size()) throw Error(ErrorCode::invalid_argument, "text: its binary data is cut off");
    elements.emplace_back(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  return elements;
}

std::vector<serve::Input> inputs_of(std::vector<std::string> elements, std::vector<std::int64_t> shape,
                                    std::size_t most) {
  const auto count = static_cast<std::int64_t>(elements.size());
  if (shape.empty()) shape = {count};
  const std::int64_t columns = shape.size() == 2 ? shape[1] : 1;
  if (shape.size() > 2 || columns < 1 || columns > 2) wrong_value("text: shape", "[n], [n,1], or [n,2] for pairs");
  if (shape[0] < 0 || shape[0] > count || shape[0] * columns != count)
    wrong_value("text", "as many elements as its shape says");
  check_count(static_cast<std::size_t>(shape[0]), "text", most);
  if (!std::ranges::all_of(elements, utf8::is_valid)) wrong_value("text", "UTF-8");
  std::vector<serve::Input> inputs;
  inputs.reserve(static_cast<std::size_t>(shape[0]));
  for (std::size_t i = 0; i < elements.size(); i += static_cast<std::size_t>(columns)) {
    serve::Input input{std::move(elements[i])};
    if (columns == 2) input.pair = std::move(elements[i + 1]);
    inputs.push_back(std::move(input));
  }
  return inputs;
}

Tensor tensor_of(const InferRequest::Output& output, const serve::Reply& reply,
                 const std::vector<std::string>& labels) {
  const bool each_label = output.name == "scores" || output.name == "logits";
  if (!each_label && output.name != "label" && output.name != "score")
    throw Error(ErrorCode::invalid_argument,
                "outputs: expected label, score, scores or logits, found " + in_quotes(output.name, 40));
  if (output.classification > 0) return classification(output, reply, labels);
  Tensor tensor{.name = output.name,
                .shape = {static_cast<std::int64_t>(reply.outcomes.size())},
                .texts = {},
                .numbers = {},
                .is_text = output.name == "label"};
  if (each_label) tensor.shape.push_back(static_cast<std::int64_t>(labels.size()));
  for (const serve::Outcome& outcome : reply.outcomes) {
    const Prediction& prediction = outcome.prediction;
    if (output.name == "label") tensor.texts.push_back(prediction.label);
    if (output.name == "score") tensor.numbers.push_back(prediction.score);
    const auto add = [&tensor](const std::vector<float>& row) {
      tensor.numbers.insert(tensor.numbers.end(), row.begin(), row.end());
    };
    if (output.name == "scores") add(scores_by_id(prediction, labels.size()));
    if (output.name == "logits") add(prediction.logits);
  }
  return tensor;
}

std::string binary_of(const Tensor& tensor) {
  std::string bytes;
  const auto put = [&bytes](const auto& value) { bytes.append(reinterpret_cast<const char*>(&value), sizeof value); };
  for (const std::string& text : tensor.texts) {
    put(static_cast<std::uint32_t>(text.size()));
    bytes += text;
  }
  for (const float number : tensor.numbers) put(number);
  return bytes;
}

std::vector<TensorKind> input_kinds() { return {{"text", "BYTES", {-1}}}; }

std::vector<TensorKind> output_kinds(const ModelInfo& info) {
  const auto labels = static_cast<std::int64_t>(info.labels.size());
  return {{"label", "BYTES", {-1}},
          {"score", "FP32", {-1}},
          {"scores", "FP32", {-1, labels}},
          {"logits", "FP32", {-1, labels}}};
}

}  // namespace tastevin::server
