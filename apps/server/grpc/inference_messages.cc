#include "inference_messages.h"

#include "apps/server/request_json.h"
#include "apps/server/service.h"

namespace tastevin::server {
namespace {

using Parameters = google::protobuf::Map<std::string, inference::InferParameter>;

/// The parameters as JSON, so that they are read and refused as REST's are.
Json json_of(const Parameters& parameters) {
  Json json = Json::object();
  for (const auto& [name, value] : parameters) {
    switch (value.parameter_choice_case()) {
      case inference::InferParameter::kBoolParam:
        json[name] = value.bool_param();
        break;
      case inference::InferParameter::kInt64Param:
        json[name] =
            value.int64_param() < 0 ? Json(value.int64_param()) : Json(static_cast<std::uint64_t>(value.int64_param()));
        break;
      case inference::InferParameter::kUint64Param:
        json[name] = value.uint64_param();
        break;
      case inference::InferParameter::kDoubleParam:
        json[name] = static_cast<float>(value.double_param());
        break;
      case inference::InferParameter::kStringParam:
        json[name] = value.string_param();
        break;
      case inference::InferParameter::PARAMETER_CHOICE_NOT_SET:
        break;
    }
  }
  return json;
}

std::vector<std::string> elements_of(const inference::ModelInferRequest& message) {
  const auto& tensor = message.inputs(0);
  if (message.raw_input_contents_size() > 0) {
    if (message.raw_input_contents_size() != 1 || tensor.has_contents())
      throw Error(ErrorCode::invalid_argument, "text: expected its data once, raw or as contents");
    return server::elements_of(message.raw_input_contents(0));
  }
  const auto& contents = tensor.contents().bytes_contents();
  return {contents.begin(), contents.end()};
}

template <class Kinds, class Add>
void write_kinds(const Kinds& kinds, Add add) {
  for (const TensorKind& kind : kinds) {
    inference::ModelMetadataResponse::TensorMetadata* tensor = add();
    tensor->set_name(kind.name);
    tensor->set_datatype(kind.datatype);
    tensor->mutable_shape()->Add(kind.shape.begin(), kind.shape.end());
  }
}

}  // namespace

InferRequest infer_request(const inference::ModelInferRequest& message, std::size_t most) {
  if (message.inputs_size() != 1 || message.inputs(0).name() != "text")
    throw Error(ErrorCode::invalid_argument, "inputs: expected one tensor, 'text'");
  const auto& tensor = message.inputs(0);
  if (tensor.datatype() != "BYTES") wrong_value("text: datatype", "BYTES");
  InferRequest request{.id = message.id(),
                       .inputs = inputs_of(elements_of(message), {tensor.shape().begin(), tensor.shape().end()}, most),
                       .outputs = {},
                       .options = {}};
  std::set<std::string> known;
  read_options(json_of(message.parameters()), request.options, known);
  check_count(static_cast<std::size_t>(message.outputs_size()), "outputs", kMostOutputs);
  for (const auto& output : message.outputs())
    request.outputs.push_back(
        {output.name(), size_or(json_of(output.parameters()), "classification", 0, sent("parameters")), true});
  constexpr bool kBinary = true;  // the only form that answers have here
  complete(request, kBinary);
  return request;
}

void write_response(const inference::ModelInferRequest& asked, const InferRequest& request,
                    const serve::ServedModel& model, const serve::Reply& reply,
                    inference::ModelInferResponse& message) {
  throw_first_error(reply);
  message.set_model_name(model.name());
  message.set_model_version(model.version());
  message.set_id(request.id);
  for (const InferRequest::Output& output : request.outputs) {
    const Tensor tensor = tensor_of(output, reply, model.info().labels);
    auto* written = message.add_outputs();
    written->set_name(tensor.name);
    written->set_datatype(tensor.datatype());
    written->mutable_shape()->Add(tensor.shape.begin(), tensor.shape.end());
    if (asked.raw_input_contents_size() > 0) {
      message.add_raw_output_contents(binary_of(tensor));
      continue;
    }
    auto* contents = written->mutable_contents();
    for (const std::string& text : tensor.texts) contents->add_bytes_contents(text);
    contents->mutable_fp32_contents()->Add(tensor.numbers.begin(), tensor.numbers.end());
  }
}

void write_metadata(const serve::ServedModel& model, inference::ModelMetadataResponse& message) {
  message.set_name(model.name());
  message.add_versions(model.version());
  message.set_platform(kPlatform);
  write_kinds(input_kinds(), [&message] { return message.add_inputs(); });
  write_kinds(output_kinds(model.info()), [&message] { return message.add_outputs(); });
  AnswerJson labels = model.info().labels;
  (*message.mutable_properties())["labels"] = dumped(labels);
}

}  // namespace tastevin::server
