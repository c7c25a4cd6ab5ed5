// vLLM's and infinity's /classify. What a member asks for is done or refused, never passed over.

#include "vllm_infinity.h"

#include <chrono>
#include <set>

#include "base/prediction_json.h"
#include "request_json.h"
#include "service.h"

namespace tastevin::server {
namespace {

namespace asio = boost::asio;

constexpr const char* kFirstOfInfinity = "default/not-specified";

std::int64_t now_s() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

struct InputRequest {
  std::string model;
  std::vector<serve::Input> texts;
  ClassifyOptions options;
  bool as_infinity = false;
};

/// vLLM's: -1 is the model's own limit.
std::size_t most_tokens(const Json& json) {
  const Json* given = find_member(json, "truncate_prompt_tokens");
  if (given == nullptr || *given == -1) return 0;
  const auto tokens = whole_number(*given);
  if (!tokens || *tokens == 0) wrong_value("truncate_prompt_tokens", "-1, or a whole number from 1 to 2147483648");
  return *tokens;
}

ClassifyOptions vllm_options(const Json& json) {
  ClassifyOptions options;
  options.max_length = most_tokens(json);
  const std::string side = string_or(json, "truncation_side", "right", sent("body"));
  if (side != "right" && side != "left") wrong_value("truncation_side", "right or left");
  options.truncation = side == "left" ? Truncation::left : Truncation::right;
  if (!bool_or(json, "add_special_tokens", true, sent("body")))
    wrong_value("add_special_tokens", "true: a classifier is trained with them");
  for (const char* name : {"use_activation", "activation"})
    if (!bool_or(json, name, true, sent("body"))) options.function_to_apply = Activation::none;
  return options;
}

InputRequest input_request(const Json& json, std::size_t most) {
  static const std::set<std::string> of_infinity{"model", "input", "raw_scores"};
  // The last four change no answer here.
  static const std::set<std::string> of_vllm{"model",
                                             "input",
                                             "truncate_prompt_tokens",
                                             "truncation_side",
                                             "add_special_tokens",
                                             "use_activation",
                                             "activation",
                                             "padding",
                                             "priority",
                                             "request_id",
                                             "user"};
  InputRequest request;
  request.as_infinity = json.contains("raw_scores");
  refuse_unknown(json, request.as_infinity ? of_infinity : of_vllm, "body");
  request.model = string_or(json, "model", "", sent("body"));
  if (request.as_infinity && request.model == kFirstOfInfinity) request.model.clear();
  for (std::string& text : strings_of(json, "input", most)) request.texts.push_back({std::move(text)});
  if (!request.as_infinity) {
    request.options = vllm_options(json);
  } else if (bool_or(json, "raw_scores", false, sent("body"))) {
    request.options.function_to_apply = Activation::none;
  }
  request.options.top_k = 0;
  return request;
}

AnswerJson vllm_data(const Prediction& prediction, std::size_t index, const std::vector<std::string>& labels) {
  return {{"index", index},
          {"label", prediction.label},
          {"probs", scores_by_id(prediction, labels.size())},
          {"num_classes", labels.size()}};
}

}  // namespace

asio::awaitable<Answer> classify_input(Call& call, const Json& json) {
  InputRequest request = input_request(json, call.service.options().max_inputs);
  const auto model = call.service.registry().model(request.model);
  const serve::Reply reply = co_await call.service.answers(call, model, request.texts, request.options);
  throw_first_error(reply);
  AnswerJson data = AnswerJson::array();
  std::size_t tokens = 0;
  for (std::size_t i = 0; i < reply.outcomes.size(); ++i) {
    const Prediction& prediction = reply.outcomes[i].prediction;
    data.push_back(request.as_infinity ? scores_json(prediction) : vllm_data(prediction, i, model->info().labels));
    tokens += prediction.tokens;
  }
  co_return Answer{.body = dumped({{"id", (request.as_infinity ? "infinity-" : "classify-") + call.id},
                                   {"object", request.as_infinity ? "classify" : "list"},
                                   {"created", now_s()},
                                   {"model", model->name()},
                                   {"data", std::move(data)},
                                   {"usage", {{"prompt_tokens", tokens}, {"total_tokens", tokens}}}})};
}

}  // namespace tastevin::server
