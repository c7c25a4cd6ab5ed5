// The Open Inference Protocol, version 2 (open-inference-protocol, inference_rest.md), with Triton's extensions for
// binary tensors and classification. A text is an element of the input `text`, BYTES [n], [n,1], or [n,2] for pairs.

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

#include "protocols.h"
#include "request_json.h"
#include "service.h"
#include "tastevin/version.h"

namespace tastevin::server {
namespace {

namespace asio = boost::asio;

constexpr const char* kVersion = "1";  // every model has the one that is loaded

// ---- The request

struct InferRequest {
  AnswerJson id = nullptr;
  std::vector<serve::Input> inputs;
  struct Output {
    std::string name;
    std::size_t classification = 0;
    bool binary = false;
  };
  std::vector<Output> outputs;
  ClassifyOptions options;
};

/// The body's JSON, and the tensors behind it where a header tells how long the JSON is.
struct Body {
  Json json;
  std::string_view binary;
};

Body body_of(const Call& call) {
  const std::string length = call.header("inference-header-content-length");
  std::string_view text = call.body;
  std::string_view binary;
  if (!length.empty()) {
    std::size_t bytes = 0;
    const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bytes);
    if (error != std::errc() || end != length.data() + length.size() || bytes > text.size())
      throw Error(ErrorCode::invalid_argument, "Inference-Header-Content-Length: expected bytes of the body");
    binary = text.substr(bytes);
    text = text.substr(0, bytes);
  }
  Json json = parse_json(text, "body");
  if (!json.is_object()) throw Error(ErrorCode::invalid_argument, "body: expected a JSON object");
  return {std::move(json), binary};
}

/// Elements of BYTES: each its length in four bytes, the lowest first, and its bytes.
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

void flatten(const Json& data, std::vector<std::string>& elements) {
  if (!data.is_array()) {
    elements.push_back(text_of(data, "text"));
    return;
  }
  for (const Json& item : data) flatten(item, elements);
}

std::vector<std::string> texts_of(const Json& tensor, std::string_view binary) {
  const Json& parameters = parameters_of(tensor);
  if (find_member(parameters, "binary_data_size") != nullptr) {
    const std::size_t size = require_size(parameters, "binary_data_size", "parameters");
    if (size > binary.size()) throw Error(ErrorCode::invalid_argument, "text: its binary data is cut off");
    return elements_of(binary.substr(0, size));
  }
  const Json* data = find_member(tensor, "data");
  if (data == nullptr) throw Error(ErrorCode::invalid_argument, "text: expected a member 'data'");
  std::vector<std::string> elements;
  flatten(*data, elements);
  return elements;
}

std::vector<serve::Input> inputs_of(const Body& body) {
  const Json* tensors = find_member(body.json, "inputs");
  if (tensors == nullptr || !tensors->is_array() || tensors->size() != 1 || !tensors->front().is_object() ||
      string_or(tensors->front(), "name", "", "inputs") != "text")
    throw Error(ErrorCode::invalid_argument, "inputs: expected one tensor, 'text'");
  const Json& tensor = tensors->front();
  if (string_or(tensor, "datatype", "BYTES", "text") != "BYTES") wrong_value("text: datatype", "BYTES");
  std::vector<std::size_t> shape;
  if (const Json* given = find_member(tensor, "shape")) {
    for (const Json& size : *given) {
      if (!size.is_number_unsigned()) wrong_value("text: shape", "sizes");
      shape.push_back(size.get<std::size_t>());
    }
  }
  std::vector<std::string> elements = texts_of(tensor, body.binary);
  if (shape.empty()) shape = {elements.size()};
  const std::size_t columns = shape.size() == 2 ? shape[1] : 1;
  if (shape.size() > 2 || columns < 1 || columns > 2) wrong_value("text: shape", "[n], [n,1], or [n,2] for pairs");
  if (shape[0] > elements.size() || shape[0] * columns != elements.size())
    wrong_value("text", "as many elements as its shape says");
  std::vector<serve::Input> inputs;
  for (std::size_t i = 0; i < elements.size(); i += columns) {
    serve::Input input{std::move(elements[i])};
    if (columns == 2) input.pair = std::move(elements[i + 1]);
    inputs.push_back(std::move(input));
  }
  return inputs;
}

InferRequest request_of(const Call& call) {
  const Body body = body_of(call);
  InferRequest request{.id = nullptr, .inputs = inputs_of(body), .outputs = {}, .options = {}};
  if (const Json* id = find_member(body.json, "id")) request.id = text_of(*id, "id");
  std::set<std::string> known;
  const Json& parameters = parameters_of(body.json);
  read_options(parameters, request.options, known);
  request.options.top_k = 0;
  const bool all_binary = bool_or(parameters, "binary_data_output", false, "parameters");
  if (const Json* outputs = find_member(body.json, "outputs")) {
    if (!outputs->is_array()) wrong_value("outputs", "a list");
    for (const Json& output : *outputs) {
      if (!output.is_object()) wrong_value("outputs", "a list of objects");
      const Json& own = parameters_of(output);
      request.outputs.push_back({require_string(output, "name", "outputs"),
                                 size_or(own, "classification", 0, "parameters"),
                                 bool_or(own, "binary_data", all_binary, "parameters")});
    }
  }
  if (request.outputs.empty()) request.outputs = {{"label", 0, all_binary}, {"score", 0, all_binary}};
  for (const InferRequest::Output& output : request.outputs)
    if (output.name == "logits") request.options.logits = true;
  return request;
}

// ---- The response

struct Tensor {
  std::string name;
  std::vector<std::size_t> shape;
  std::vector<std::string> texts;  // BYTES
  std::vector<float> numbers;      // or FP32
  bool is_text = false;
};

/// Triton's classification: the best values as "value:index:label".
Tensor classification(const InferRequest::Output& output, const serve::Reply& reply,
                      const std::vector<std::string>& labels) {
  const std::size_t count = std::min(output.classification, labels.size());
  Tensor tensor{
      .name = output.name, .shape = {reply.outcomes.size(), count}, .texts = {}, .numbers = {}, .is_text = true};
  for (const serve::Outcome& outcome : reply.outcomes) {
    std::vector<float> values =
        output.name == "logits" ? outcome.prediction.logits : scores_by_id(outcome.prediction, labels);
    std::vector<std::size_t> order(labels.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::stable_sort(order, std::ranges::greater{}, [&values](std::size_t i) { return values[i]; });
    for (const std::size_t i : std::span(order).first(count))
      tensor.texts.push_back(dumped(values[i]) + ":" + std::to_string(i) + ":" + labels[i]);
  }
  return tensor;
}

Tensor tensor_of(const InferRequest::Output& output, const serve::Reply& reply,
                 const std::vector<std::string>& labels) {
  const bool each_label = output.name == "scores" || output.name == "logits";
  if (!each_label && output.name != "label" && output.name != "score")
    throw Error(ErrorCode::invalid_argument,
                "outputs: expected label, score, scores or logits, found " + in_quotes(output.name, 40));
  if (output.classification > 0) return classification(output, reply, labels);
  Tensor tensor{.name = output.name,
                .shape = {reply.outcomes.size()},
                .texts = {},
                .numbers = {},
                .is_text = output.name == "label"};
  if (each_label) tensor.shape.push_back(labels.size());
  for (const serve::Outcome& outcome : reply.outcomes) {
    const Prediction& prediction = outcome.prediction;
    if (output.name == "label") tensor.texts.push_back(prediction.label);
    if (output.name == "score") tensor.numbers.push_back(prediction.score);
    const auto add = [&tensor](const std::vector<float>& row) {
      tensor.numbers.insert(tensor.numbers.end(), row.begin(), row.end());
    };
    if (output.name == "scores") add(scores_by_id(prediction, labels));
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

AnswerJson json_of(const Tensor& tensor) {
  AnswerJson json{{"name", tensor.name}, {"shape", tensor.shape}, {"datatype", tensor.is_text ? "BYTES" : "FP32"}};
  return json;
}

Answer infer_answer(const InferRequest& request, const serve::ServedModel& model, const serve::Reply& reply) {
  throw_first_error(reply);
  AnswerJson json{{"model_name", model.name()}, {"model_version", kVersion}};
  if (!request.id.is_null()) json["id"] = request.id;
  json["outputs"] = AnswerJson::array();
  std::string binary;
  for (const InferRequest::Output& output : request.outputs) {
    const Tensor tensor = tensor_of(output, reply, model.info().labels);
    AnswerJson described = json_of(tensor);
    if (output.binary) {
      const std::string bytes = binary_of(tensor);
      described["parameters"] = {{"binary_data_size", bytes.size()}};
      binary += bytes;
    } else if (tensor.is_text) {
      described["data"] = tensor.texts;
    } else {
      described["data"] = tensor.numbers;
    }
    json["outputs"].push_back(std::move(described));
  }
  Answer answer{.body = dumped(json)};
  if (binary.empty()) return answer;
  answer.headers = {{"Inference-Header-Content-Length", std::to_string(answer.body.size())}};
  answer.type = "application/octet-stream";
  answer.body += binary;
  return answer;
}

void check_version(const Call& call) {
  const std::string wanted = call.parameter("version");
  if (!wanted.empty() && wanted != kVersion)
    throw Error(ErrorCode::not_found, "version " + in_quotes(wanted, 40) + ": expected 1");
}

asio::awaitable<Answer> infer(Call& call) {
  check_version(call);
  InferRequest request = request_of(call);
  const auto model = call.service.registry().model(call.parameter("model"));
  const serve::Reply reply = co_await call.service.answers(call, model, request.inputs, request.options);
  co_return infer_answer(request, *model, reply);
}

// ---- What is known of the server and its models

Answer server_metadata(Call& /*call*/) {
  return {.body = dumped({{"name", "tastevin"},
                          {"version", version()},
                          {"extensions", {"classification", "binary_tensor_data", "model_repository"}}})};
}

Answer live(Call& /*call*/) { return {.body = dumped({{"live", true}})}; }

Answer ready(Call& call) {
  const bool is_ready = call.service.ready();
  return {.status = is_ready ? 200U : 503U, .body = dumped({{"ready", is_ready}})};
}

Answer model_metadata(Call& call) {
  check_version(call);
  const auto model = call.service.registry().model(call.parameter("model"));
  const std::int64_t labels = static_cast<std::int64_t>(model->info().labels.size());
  const auto tensor = [](const char* name, const char* type, const std::vector<std::int64_t>& shape) {
    return AnswerJson{{"name", name}, {"datatype", type}, {"shape", shape}};
  };
  return {.body = dumped({{"name", model->name()},
                          {"versions", {kVersion}},
                          {"platform", "tastevin_openvino"},
                          {"inputs", {tensor("text", "BYTES", {-1})}},
                          {"outputs",
                           {tensor("label", "BYTES", {-1}), tensor("score", "FP32", {-1}),
                            tensor("scores", "FP32", {-1, labels}), tensor("logits", "FP32", {-1, labels})}},
                          {"parameters", {{"labels", model->info().labels}}}})};
}

Answer model_ready(Call& call) {
  check_version(call);
  const auto model = call.service.registry().model(call.parameter("model"));
  return {.body = dumped({{"name", model->name()}, {"ready", true}})};
}

asio::awaitable<Answer> load(Call& call) {
  const std::string name = call.parameter("model");
  std::filesystem::path path;
  if (!call.body.empty()) path = string_or(parameters_of(object_of(call)), "path", "", "parameters");
  serve::Registry& registry = call.service.registry();
  const std::function<Answer()> work = [&registry, name, path] {
    registry.load(name, path);
    return Answer{};
  };
  co_return co_await call.service.apart(work);
}

Answer unload(Call& call) {
  call.service.registry().unload(call.parameter("model"));
  return {};
}

Answer repository_index(Call& call) {
  AnswerJson list = AnswerJson::array();
  for (const auto& entry : call.service.registry().entries())
    list.push_back({{"name", entry.name}, {"version", kVersion}, {"state", entry.model ? "READY" : "UNAVAILABLE"}});
  return {.body = dumped(list)};
}

}  // namespace

void add_inference_protocol_routes(Router& router) {
  router.add({"GET", "/v2", plain(server_metadata), error_answer});
  router.add({"GET", "/v2/health/live", plain(live), error_answer, Access::open});
  router.add({"GET", "/v2/health/ready", plain(ready), error_answer, Access::open});
  for (const std::string model : {"/v2/models/{model}", "/v2/models/{model}/versions/{version}"}) {
    router.add({"GET", model, plain(model_metadata), error_answer});
    router.add({"GET", model + "/ready", plain(model_ready), error_answer});
    router.add({"POST", model + "/infer", infer, error_answer});
  }
  router.add({"POST", "/v2/repository/index", plain(repository_index), error_answer});
  router.add({"POST", "/v2/repository/models/{model}/load", load, error_answer});
  router.add({"POST", "/v2/repository/models/{model}/unload", plain(unload), error_answer});
}

}  // namespace tastevin::server
