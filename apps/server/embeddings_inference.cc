// The protocol of text-embeddings-inference for classifiers (its router/src/http, as of 1.9.3). Its multi-label models
// keep their own function here, and its softmax cannot overflow.

#include "embeddings_inference.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "base/ranking.h"
#include "base/utf8.h"
#include "http_status.h"
#include "protocols.h"
#include "request_json.h"
#include "service.h"
#include "tastevin/version.h"

namespace tastevin::server {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

/// Its statuses are its own: 422 for what is wrong with an input, 424 for what is wrong with the model.
HttpKind kind_of_error(ErrorCode code) {
  switch (code) {
    case ErrorCode::overloaded:
      return {429, "Overloaded"};
    case ErrorCode::unavailable:
      return {503, "Unhealthy"};
    case ErrorCode::unauthorized:
      return {401, "Unauthorized"};
    case ErrorCode::not_found:
      return {404, "Validation"};
    case ErrorCode::internal:
    case ErrorCode::rejected:
    case ErrorCode::deadline:
    case ErrorCode::unsupported_model:  // of a request: it cannot do what is asked
      return {424, "Backend"};
    default:
      return {422, "Validation"};
  }
}

constexpr HttpKind kEmpty{400, "Empty"};
constexpr HttpKind kBroken{400, "Validation"};

Answer kind_of_answer(const HttpKind& kind, const std::string& message) {
  return {.status = kind.status, .body = dumped({{"error", message}, {"error_type", kind.name}})};
}

/// A body, or the answer to one that is no JSON: what is wrong within JSON has another status.
struct Body {
  Json json;
  std::optional<Answer> broken = std::nullopt;
};

Body body_of(const Call& call) {
  try {
    return {parse_body(call, call.body)};
  } catch (const Error& error) {
    return {{}, kind_of_answer(kBroken, error.what())};
  }
}

ClassifyOptions options_of(const Json& json, const ModelInfo& model) {
  ClassifyOptions options;
  options.top_k = 0;
  const bool truncate = bool_or(json, "truncate", true, sent("body"));
  const std::string direction = string_or(json, "truncation_direction", "right", sent("body"));
  if (direction != "right" && direction != "left" && direction != "Right" && direction != "Left")
    wrong_value("truncation_direction", "right or left");
  const bool left = direction == "left" || direction == "Left";
  options.truncation = !truncate ? Truncation::error : left ? Truncation::left : Truncation::right;
  if (bool_or(json, "raw_scores", false, sent("body"))) {
    options.function_to_apply = Activation::none;
  } else if (model.labels.size() == 1 && model.task == Task::regression) {
    options.function_to_apply = Activation::sigmoid;
  }
  return options;
}

/// "a", or the one or two strings of a list: a text, or a pair.
serve::Input text_or_pair(const Json& value) {
  if (value.is_string()) return {value.get<std::string>()};
  if (!value.is_array() || value.empty() || value.size() > 2)
    throw Error(ErrorCode::invalid_argument, "inputs: expected a text, or a list of a text and perhaps a second");
  serve::Input input{text_of(value[0], "inputs")};
  if (value.size() == 2) input.pair = text_of(value[1], "inputs");
  return input;
}

double ms(Clock::time_point since) { return std::chrono::duration<double, std::milli>(Clock::now() - since).count(); }

void add_timing(Answer& answer, const serve::Reply& reply, std::size_t characters, Clock::time_point since) {
  std::size_t tokens = 0;
  for (const serve::Outcome& outcome : reply.outcomes) tokens += outcome.prediction.tokens;
  const auto whole = [](double value) { return std::to_string(static_cast<std::uint64_t>(value)); };
  const std::string total = whole(ms(since));
  answer.headers = {{"x-compute-type", "cpu+optimized"},
                    {"x-compute-time", total},
                    {"x-compute-characters", std::to_string(characters)},
                    {"x-compute-tokens", std::to_string(tokens)},
                    {"x-total-time", total},
                    {"x-tokenization-time", whole(reply.tokenize_ms)},
                    {"x-queue-time", whole(reply.queue_ms)},
                    {"x-inference-time", whole(reply.infer_ms)}};
}

std::size_t characters_of(const std::vector<serve::Input>& inputs) {
  std::size_t count = 0;
  for (const serve::Input& input : inputs)
    count += utf8::count(input.text) + (input.pair ? utf8::count(*input.pair) : 0);
  return count;
}

/// As that server calls the types.
const char* dtype_of(Precision precision) {
  return precision == Precision::bf16 ? "bfloat16" : precision == Precision::f16 ? "float16" : "float32";
}

Answer info(Call& call) {
  const auto model = call.service.registry().model();
  const ModelInfo& about = model->info();
  AnswerJson names = AnswerJson::object();
  AnswerJson ids = AnswerJson::object();
  for (std::size_t i = 0; i < about.labels.size(); ++i) {
    names[std::to_string(i)] = about.labels[i];
    ids[about.labels[i]] = i;
  }
  const AnswerJson labels{{"id2label", names}, {"label2id", ids}};
  const ServerOptions& options = call.service.options();
  const serve::SchedulerOptions& queue = call.service.registry().scheduling();
  return {.body = dumped({{"model_id", model->name()},
                          {"model_sha", nullptr},
                          {"model_dtype", dtype_of(model->classifier().precision())},
                          {"served_model_name", model->name()},
                          {"model_type", {{about.labels.size() == 1 ? "reranker" : "classifier", labels}}},
                          {"max_concurrent_requests", queue.queue_requests},
                          {"max_input_length", about.max_length},
                          {"max_batch_tokens", queue.batch_tokens},
                          {"max_batch_requests", nullptr},
                          {"max_client_batch_size", options.max_inputs},
                          {"auto_truncate", true},
                          {"tokenization_workers", model->classifier().streams()},
                          {"version", version()},
                          {"sha", nullptr},
                          {"docker_label", nullptr}})};
}

Answer health(Call& call) { return {.status = call.service.healthy() ? 200U : 503U}; }

/// Where each code point of `text` begins, and its end; `text` is valid.
std::vector<std::size_t> code_points_of(const std::string& text) {
  std::vector<std::size_t> begins;
  for (std::size_t at = 0; at < text.size(); at += utf8::decode(text, at).length) begins.push_back(at);
  begins.push_back(text.size());
  return begins;
}

/// A special token stands nowhere in the text.
AnswerJson tokens_json(const Tokens& tokens, const std::string& text) {
  const std::vector<std::size_t> begins = code_points_of(text);
  AnswerJson all = AnswerJson::array();
  for (std::size_t i = 0; i < tokens.ids.size(); ++i) {
    if (tokens.special[i] != 0) {
      all.push_back({{"id", tokens.ids[i]},
                     {"text", tokens.tokens[i]},
                     {"special", true},
                     {"start", nullptr},
                     {"stop", nullptr}});
      continue;
    }
    const auto [start, stop] = tokens.offsets[i];
    const std::string source = text.substr(begins.at(start), begins.at(stop) - begins.at(start));
    all.push_back({{"id", tokens.ids[i]}, {"text", source}, {"special", false}, {"start", start}, {"stop", stop}});
  }
  return all;
}

asio::awaitable<Answer> tokenize(Call& call) {
  const Body body = body_of(call);
  if (body.broken) co_return *body.broken;
  const Json& json = body.json;
  require_object(json);
  const auto model = call.service.registry().model();
  const std::vector<std::string> texts = strings_of(json, "inputs", call.service.options().max_inputs);
  if (texts.empty()) co_return kind_of_answer(kEmpty, "inputs: expected a text, found an empty list");
  check_texts(texts, call.service.options());
  TokenizeOptions options;
  options.no_special = !bool_or(json, "add_special_tokens", true, sent("body"));
  const std::size_t most_tokens = call.service.registry().scheduling().queue_tokens;  // each is an object of the answer
  const Service::Work work = [&](const Wanted& wanted) {
    AnswerJson all = AnswerJson::array();
    std::size_t count = 0;
    for (const std::string& text : texts) {
      wanted.check();
      const Tokens tokens = model->classifier().tokenize({text}, options);
      check_count(count += tokens.ids.size(), "tokens", most_tokens);
      all.push_back(tokens_json(tokens, text));
    }
    return Answer{.body = dumped(all)};
  };
  co_return co_await call.service.run_in_background(Worker::tokenizing, call, work);
}

struct PredictRequest {
  std::vector<serve::Input> texts;
  bool batch = false;
};

/// ["a", "b"] is one pair; [["a"], ["b", "c"]] is a batch.
PredictRequest predict_request(const Json& json, std::size_t most) {
  const Json* inputs = find_member(json, "inputs");
  if (inputs == nullptr) throw Error(ErrorCode::invalid_argument, "body: expected a member 'inputs'");
  PredictRequest request;
  if (inputs->is_array() && inputs->empty()) return request;
  request.batch = inputs->is_array() && inputs->front().is_array();
  if (request.batch) {
    check_count(inputs->size(), "inputs", most);
    for (const Json& input : *inputs) request.texts.push_back(text_or_pair(input));
  } else {
    request.texts.push_back(text_or_pair(*inputs));
  }
  return request;
}

Answer predict_answer(const serve::Reply& reply, bool batch, std::size_t characters, Clock::time_point since) {
  throw_first_error(reply);
  AnswerJson results = AnswerJson::array();
  for (const serve::Outcome& outcome : reply.outcomes) {
    AnswerJson scores = AnswerJson::array();
    for (const ScoredLabel& scored : outcome.prediction.scores)
      scores.push_back({{"score", scored.score}, {"label", scored.label}});
    results.push_back(std::move(scores));
  }
  Answer answer{.body = dumped(batch ? results : results.front())};
  add_timing(answer, reply, characters, since);
  return answer;
}

struct RerankRequest {
  std::vector<serve::Input> pairs;
  bool short_form = false;                                          // Cohere's and Jina's names
  std::optional<std::vector<std::string>> returned = std::nullopt;  // the texts, where they are asked back
  std::size_t top_n = 0;
};

/// Each pair has the query of its own: what a body of megabytes asks for is bounded before it is made.
void check_pairs(std::size_t query_bytes, std::size_t texts, const char* member, const ServerOptions& limits) {
  check_count(texts, member, limits.max_inputs);
  if (query_bytes > limits.max_text_bytes || query_bytes * texts > limits.max_body_bytes) {
    throw Error(ErrorCode::too_large, "query: expected at most " + std::to_string(limits.max_text_bytes) +
                                          " bytes, and " + std::to_string(limits.max_body_bytes) +
                                          " when it is counted with each text");
  }
}

RerankRequest rerank_request(const Json& json, const ServerOptions& limits) {
  RerankRequest request;
  request.short_form = json.contains("documents");
  const std::string query = require_string(json, "query", sent("body"));
  const char* member = request.short_form ? "documents" : "texts";
  const Json* texts = find_member(json, member);
  if (texts == nullptr || !texts->is_array()) wrong_value(member, "a list of texts");
  check_pairs(query.size(), texts->size(), member, limits);
  for (std::size_t i = 0; i < texts->size(); ++i) {
    const Json& text = texts->at(i);
    const Json* inner = request.short_form && text.is_object() ? find_member(text, "text") : nullptr;  // Jina's
    request.pairs.push_back(
        {query, text_of(inner == nullptr ? text : *inner, std::string(member) + "[" + std::to_string(i) + "]")});
  }
  if (bool_or(json, request.short_form ? "return_documents" : "return_text", false, sent("body"))) {
    request.returned.emplace();
    for (const serve::Input& input : request.pairs) request.returned->push_back(input.pair.value_or(""));
  }
  request.top_n = size_or(json, "top_n", texts->size(), sent("body"));
  return request;
}

void check_reranks(const ModelInfo& model) {
  if (model.labels.size() == 1) return;
  throw Error(ErrorCode::unsupported_model,
              "rerank: expected a model of one label, this one has " + std::to_string(model.labels.size()));
}

Answer rerank_answer(const RerankRequest& request, const std::string& model, const serve::Reply& reply) {
  throw_first_error(reply);
  std::vector<std::size_t> order =
      highest_first(reply.outcomes, [](const serve::Outcome& outcome) { return outcome.prediction.score; });
  order.resize(std::min(order.size(), request.top_n));
  AnswerJson results = AnswerJson::array();
  for (const std::size_t i : order) {
    AnswerJson one{{"index", i}};
    if (request.returned && request.short_form) one["document"] = {{"text", (*request.returned)[i]}};
    if (request.returned && !request.short_form) one["text"] = (*request.returned)[i];
    one[request.short_form ? "relevance_score" : "score"] = reply.outcomes[i].prediction.score;
    results.push_back(std::move(one));
  }
  return {.body = dumped(request.short_form ? AnswerJson{{"model", model}, {"results", results}} : results)};
}

}  // namespace

Answer embeddings_inference_error(const Error& error, std::optional<unsigned> status) {
  HttpKind kind = kind_of_error(error.code());
  kind.status = status.value_or(kind.status);
  return kind_of_answer(kind, error.what());
}

asio::awaitable<Answer> predict(Call& call) {
  const Clock::time_point since = Clock::now();
  const Body body = body_of(call);
  if (body.broken) co_return *body.broken;
  const Json& json = body.json;
  require_object(json);
  const auto model = call.service.registry().model();
  PredictRequest request = predict_request(json, call.service.options().max_inputs);
  if (request.texts.empty()) co_return kind_of_answer(kEmpty, "inputs: expected a text, found an empty list");
  const std::size_t characters = characters_of(request.texts);
  const ClassifyOptions options = options_of(json, model->info());
  const serve::Reply reply = co_await call.service.answers(call, model, request.texts, options);
  co_return predict_answer(reply, request.batch, characters, since);
}

asio::awaitable<Answer> rerank(Call& call) {
  const Clock::time_point since = Clock::now();
  const Body body = body_of(call);
  if (body.broken) co_return *body.broken;
  const Json& json = body.json;
  require_object(json);
  const bool short_form = json.contains("documents");  // text-embeddings-inference has one model
  const auto model = call.service.registry().model(short_form ? string_or(json, "model", "", sent("body")) : "");
  RerankRequest request = rerank_request(json, call.service.options());
  if (request.pairs.empty())
    co_return kind_of_answer(
        kEmpty, (short_form ? "documents" : "texts") + std::string(": expected a text, found an empty list"));
  check_reranks(model->info());
  const std::size_t characters = characters_of(request.pairs);
  const ClassifyOptions options = options_of(json, model->info());
  const serve::Reply reply = co_await call.service.answers(call, model, request.pairs, options);
  Answer answer = rerank_answer(request, model->name(), reply);
  add_timing(answer, reply, characters, since);
  co_return answer;
}

void add_embeddings_inference_routes(Router& router) {
  router.add({"POST", "/predict", predict, embeddings_inference_error});
  router.add({"POST", "/rerank", rerank, embeddings_inference_error});
  router.add({"POST", "/tokenize", tokenize, embeddings_inference_error});
  router.add({"GET", "/info", plain(info), embeddings_inference_error});
  router.add({"GET", "/health", plain(health), embeddings_inference_error, Access::open});
}

}  // namespace tastevin::server
