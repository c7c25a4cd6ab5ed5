// Small protocols that others have made usual.

#include <algorithm>
#include <chrono>

#include "embeddings_inference.h"
#include "http_status.h"
#include "protocols.h"
#include "request_json.h"
#include "service.h"
#include "vllm.h"

namespace tastevin::server {
namespace {

namespace asio = boost::asio;

Answer own_error(const Error& error) {
  const HttpKind kind = body_kind(error.code());
  return {.status = kind.status, .body = dumped({{"object", "error"}, {"message", error.what()}, {"type", kind.name}})};
}

std::int64_t now_s() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::vector<serve::Input> texts_of(const Json& input) {
  if (input.is_string()) return {{input.get<std::string>()}};
  if (!input.is_array()) wrong_value("input", "a string or a list of strings");
  std::vector<serve::Input> inputs;
  for (const Json& item : input) inputs.push_back({text_of(item, "input")});
  return inputs;
}

Answer vllm_answer(const serve::ServedModel& model, const serve::Reply& reply, const std::string& id) {
  throw_first_error(reply);
  AnswerJson answer{{"id", "classify-" + id}, {"object", "list"}, {"created", now_s()}, {"model", model.name()}};
  answer["data"] = AnswerJson::array();
  std::size_t tokens = 0;
  for (std::size_t i = 0; i < reply.outcomes.size(); ++i) {
    const Prediction& prediction = reply.outcomes[i].prediction;
    answer["data"].push_back({{"index", i},
                              {"label", prediction.label},
                              {"probs", scores_by_id(prediction, model.info().labels)},
                              {"num_classes", model.info().labels.size()}});
    tokens += prediction.tokens;
  }
  answer["usage"] = {{"prompt_tokens", tokens}, {"total_tokens", tokens}};
  return {.body = dumped(answer)};
}

asio::awaitable<Answer> classify(Call& call) {
  const Json json = object_of(call);
  co_return co_await classify_as_vllm(call, json);
}

Answer ping(Call& call) { return {.status = call.service.ready() ? 200U : 503U}; }

}  // namespace

asio::awaitable<Answer> classify_as_vllm(Call& call, const Json& json) {
  const Json* input = find_member(json, "input");
  if (input == nullptr) throw Error(ErrorCode::invalid_argument, "body: expected a member 'input'");
  const auto model = call.service.registry().model(string_or(json, "model", "", "body"));
  ClassifyOptions options;
  options.top_k = 0;
  std::vector<serve::Input> texts = texts_of(*input);
  const serve::Reply reply = co_await call.service.answers(call, model, texts, options);
  co_return vllm_answer(*model, reply, call.id);
}

void add_drop_in_routes(Router& router) {
  router.add({"POST", "/classify", classify, own_error});
  router.add({"POST", "/v1/rerank", rerank, embeddings_inference_error});
  router.add({"GET", "/ping", plain(ping), own_error, Access::open});
  router.add({"POST", "/invocations", predict, embeddings_inference_error});
}

}  // namespace tastevin::server
