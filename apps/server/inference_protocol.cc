// The Open Inference Protocol, version 2 (open-inference-protocol, inference_rest.md), with Triton's extensions for
// binary tensors and classification. A text is an element of the input `text`, BYTES [n], [n,1], or [n,2] for pairs.

#include "base/ascii.h"
#include "inference_tensors.h"
#include "protocols.h"
#include "request_json.h"
#include "service.h"
#include "tastevin/version.h"

namespace tastevin::server {
namespace {

namespace asio = boost::asio;

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
    const auto bytes = ascii::number<std::size_t>(length);
    if (!bytes || *bytes > text.size())
      throw Error(ErrorCode::invalid_argument, "Inference-Header-Content-Length: expected bytes of the body");
    binary = text.substr(*bytes);
    text = text.substr(0, *bytes);
  }
  Json json = parse_body(call, text);
  require_object(json);
  return {std::move(json), binary};
}

/// A list of texts, or of lists of them, row by row.
std::vector<std::string> texts_in(const Json& data) {
  if (!data.is_array()) wrong_value("text: data", "a list");
  std::vector<std::string> elements;
  for (const Json& row : data) {
    if (!row.is_array()) {
      elements.push_back(text_of(row, "text"));
      continue;
    }
    for (const Json& item : row) elements.push_back(text_of(item, "text"));
  }
  return elements;
}

std::vector<std::string> texts_of(const Json& tensor, std::string_view binary) {
  const Json& parameters = parameters_of(tensor);
  const Json* data = find_member(tensor, "data");
  if (find_member(parameters, "binary_data_size") != nullptr) {
    if (data != nullptr) throw Error(ErrorCode::invalid_argument, "text: expected its data once, binary or as 'data'");
    if (require_size(parameters, "binary_data_size", sent("parameters")) != binary.size()) {
      throw Error(ErrorCode::invalid_argument,
                  "text: binary_data_size: expected " + std::to_string(binary.size()) + ", the bytes behind the JSON");
    }
    return elements_of(binary);
  }
  if (!binary.empty())
    throw Error(ErrorCode::invalid_argument, "body: expected no bytes behind the JSON, as no tensor is binary");
  if (data == nullptr) throw Error(ErrorCode::invalid_argument, "text: expected a member 'data'");
  return texts_in(*data);
}

std::vector<serve::Input> body_inputs(const Body& body, std::size_t most) {
  const Json* tensors = find_member(body.json, "inputs");
  if (tensors == nullptr || !tensors->is_array() || tensors->size() != 1 || !tensors->front().is_object() ||
      string_or(tensors->front(), "name", "", sent("inputs")) != "text")
    throw Error(ErrorCode::invalid_argument, "inputs: expected one tensor, 'text'");
  const Json& tensor = tensors->front();
  if (string_or(tensor, "datatype", "BYTES", sent("text")) != "BYTES") wrong_value("text: datatype", "BYTES");
  std::vector<std::int64_t> shape;
  if (const Json* given = find_member(tensor, "shape")) {
    if (!given->is_array()) wrong_value("text: shape", "a list of sizes");
    for (const Json& size : *given) {
      const auto number = whole_number(size);
      if (!number) wrong_value("text: shape", "sizes");
      shape.push_back(static_cast<std::int64_t>(*number));
    }
  }
  return inputs_of(texts_of(tensor, body.binary), shape, most);
}

InferRequest request_of(const Call& call) {
  const Body body = body_of(call);
  const std::size_t most = call.service.options().max_inputs;
  InferRequest request{.id = {}, .inputs = body_inputs(body, most), .outputs = {}, .options = {}};
  if (const Json* id = find_member(body.json, "id")) request.id = text_of(*id, "id");
  std::set<std::string> known;
  const Json& parameters = parameters_of(body.json);
  read_options(parameters, request.options, known);
  const bool all_binary = bool_or(parameters, "binary_data_output", false, sent("parameters"));
  if (const Json* outputs = find_member(body.json, "outputs")) {
    if (!outputs->is_array()) wrong_value("outputs", "a list");
    check_count(outputs->size(), "outputs", kMostOutputs);
    for (const Json& output : *outputs) {
      if (!output.is_object()) wrong_value("outputs", "a list of objects");
      const Json& own = parameters_of(output);
      request.outputs.push_back({require_string(output, "name", sent("outputs")),
                                 size_or(own, "classification", 0, sent("parameters")),
                                 bool_or(own, "binary_data", all_binary, sent("parameters"))});
    }
  }
  complete(request, all_binary);
  return request;
}

AnswerJson json_of(const Tensor& tensor) {
  AnswerJson json{{"name", tensor.name}, {"shape", tensor.shape}, {"datatype", tensor.datatype()}};
  return json;
}

Answer infer_answer(const InferRequest& request, const serve::ServedModel& model, const serve::Reply& reply) {
  throw_first_error(reply);
  AnswerJson json{{"model_name", model.name()}, {"model_version", model.version()}};
  if (!request.id.empty()) json["id"] = request.id;
  json["outputs"] = AnswerJson::array();
  std::string binary;
  for (const InferRequest::Output& output : request.outputs) {
    const Tensor tensor = tensor_of(output, reply, model.info().labels);
    AnswerJson json_tensor = json_of(tensor);
    if (output.binary) {
      const std::string bytes = binary_of(tensor);
      json_tensor["parameters"] = {{"binary_data_size", bytes.size()}};
      binary += bytes;
    } else if (tensor.is_text) {
      json_tensor["data"] = tensor.texts;
    } else {
      json_tensor["data"] = tensor.numbers;
    }
    json["outputs"].push_back(std::move(json_tensor));
  }
  Answer answer{.body = dumped(json)};
  if (binary.empty()) return answer;
  answer.headers = {{"Inference-Header-Content-Length", std::to_string(answer.body.size())}};
  answer.type = "application/octet-stream";
  answer.body += binary;
  return answer;
}

asio::awaitable<Answer> infer(Call& call) {
  const auto model = call.service.registry().model(call.parameter("model"));
  check_version(call.parameter("version"), *model);
  InferRequest request = request_of(call);
  const serve::Reply reply = co_await call.service.answers(call, model, request.inputs, request.options);
  co_return infer_answer(request, *model, reply);
}

Answer server_metadata(Call& /*call*/) {
  return {.body = dumped({{"name", "tastevin"}, {"version", version()}, {"extensions", kExtensions}})};
}

Answer live(Call& /*call*/) { return {.body = dumped({{"live", true}})}; }

Answer ready(Call& call) {
  const bool is_ready = call.service.ready();
  return {.status = is_ready ? 200U : 503U, .body = dumped({{"ready", is_ready}})};
}

AnswerJson described(const std::vector<TensorKind>& kinds) {
  AnswerJson list = AnswerJson::array();
  for (const TensorKind& kind : kinds)
    list.push_back({{"name", kind.name}, {"datatype", kind.datatype}, {"shape", kind.shape}});
  return list;
}

Answer model_metadata(Call& call) {
  const auto model = call.service.registry().model(call.parameter("model"));
  check_version(call.parameter("version"), *model);
  return {.body = dumped({{"name", model->name()},
                          {"versions", {model->version()}},
                          {"platform", kPlatform},
                          {"inputs", described(input_kinds())},
                          {"outputs", described(output_kinds(model->info()))},
                          {"parameters", {{"labels", model->info().labels}}}})};
}

Answer model_ready(Call& call) {
  const auto model = call.service.registry().model(call.parameter("model"));
  check_version(call.parameter("version"), *model);
  return {.body = dumped({{"name", model->name()}, {"ready", true}})};
}

asio::awaitable<Answer> load(Call& call) {
  const std::string name = call.parameter("model");
  if (!call.body.empty()) {
    const Json body = object_of(call);
    refuse_unknown(body, {"parameters"}, "body");
    refuse_unknown(parameters_of(body), {}, "parameters");  // a model is loaded as it lies there
  }
  serve::Registry& registry = call.service.registry();
  const Service::Work work = [&registry, name](const Wanted&) {
    registry.load(name);
    return Answer{};
  };
  co_return co_await call.service.run_in_background(Worker::loading, call, work);
}

Answer unload(Call& call) {
  call.service.registry().unload(call.parameter("model"));
  return {};
}

Answer repository_index(Call& call) {
  bool only_ready = false;
  if (!call.body.empty()) {
    const Json body = object_of(call);
    refuse_unknown(body, {"ready"}, "body");
    if (const Json* ready = find_member(body, "ready")) read_value(*ready, "ready", only_ready);
  }
  AnswerJson list = AnswerJson::array();
  for (const auto& entry : call.service.registry().entries()) {
    if (only_ready && !entry.model) continue;
    list.push_back({{"name", entry.name},
                    {"version", serve::version_of(entry.name, entry.path)},
                    {"state", entry.model ? "READY" : "UNAVAILABLE"},
                    {"reason", entry.failure}});
  }
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
