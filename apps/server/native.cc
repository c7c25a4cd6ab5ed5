// Our own protocol: one result an input, an error in its own place.

#include <algorithm>
#include <cmath>

#include "base/prediction_json.h"
#include "http_status.h"
#include "protocols.h"
#include "request_json.h"
#include "service.h"
#include "tastevin/explain.h"
#include "tastevin/zero_shot.h"
#include "vllm_infinity.h"

namespace tastevin::server {
namespace {

namespace asio = boost::asio;

AnswerJson error_json(const Error& error, std::optional<unsigned> status = std::nullopt) {
  const HttpKind kind = http_kind(error.code());
  return {{"code", status.value_or(kind.status)}, {"type", kind.name}, {"message", error.what()}};
}

Answer own_error(const Error& error, std::optional<unsigned> status) {
  return {.status = status.value_or(http_kind(error.code()).status),
          .body = dumped({{"error", error_json(error, status)}})};
}

struct NativeRequest {
  std::string model;
  std::vector<serve::Input> inputs;
  std::vector<AnswerJson> ids;                // null where an input has none
  std::vector<std::optional<Error>> refused;  // what an input is not; an empty text stands in its place, and never runs
  ClassifyOptions options;
  bool explain = false;
};

/// What the client calls an input, as it was given: a string, or a whole number that a double holds.
AnswerJson id_json(const Json& id, const std::string& where) {
  constexpr std::int64_t kExact = 9007199254740992;  // 2^53
  if (id.is_string()) return id.get<std::string>();
  std::int64_t number = kExact + 1;
  if (id.is_number_unsigned()) {
    number = static_cast<std::int64_t>(std::min<std::uint64_t>(id.get<std::uint64_t>(), kExact + 1));
  } else if (id.is_number_integer()) {
    number = id.get<std::int64_t>();
  } else if (id.is_number() && std::abs(id.get<double>()) <= kExact &&
             id.get<double>() == std::floor(id.get<double>())) {
    number = static_cast<std::int64_t>(id.get<double>());
  }
  if (number > kExact || number < -kExact) wrong_value(where + ".id", "a string or a whole number of at most 2^53");
  return number;
}

/// A string, {"text", "text_pair", "id"}, or a list of at most `most` such: calls `read` with each, and what it is
/// called in messages.
template <class Read>
void for_each_input(const Json& json, std::size_t most, const Read& read) {
  const Json* inputs = find_member(json, "inputs");
  if (inputs == nullptr) throw Error(ErrorCode::invalid_argument, "body: expected a member 'inputs'");
  if (!inputs->is_array()) return read(*inputs, "inputs");
  check_count(inputs->size(), "inputs", most);
  for (std::size_t i = 0; i < inputs->size(); ++i) read((*inputs)[i], "inputs[" + std::to_string(i) + "]");
}

AnswerJson id_of(const Json& input, const std::string& where) {
  const Json* id = input.is_object() ? find_member(input, "id") : nullptr;
  return id == nullptr ? AnswerJson(nullptr) : id_json(*id, where);
}

/// Each input that is none is refused in its place.
void read_inputs(const Json& json, std::size_t most, NativeRequest& request) {
  for_each_input(json, most, [&request](const Json& input, const std::string& where) {
    request.ids.emplace_back(nullptr);
    request.refused.emplace_back();
    request.inputs.push_back({});
    try {
      request.ids.back() = id_of(input, where);
      request.inputs.back() = input_of(input, where);
    } catch (const Error& error) {
      request.refused.back() = error;
    }
  });
}

/// Texts that are read one by one: no pairs.
struct NamedTexts {
  std::vector<std::string> texts;
  std::vector<AnswerJson> ids;
};

NamedTexts named_texts(const Json& json, std::size_t most) {
  NamedTexts named;
  for_each_input(json, most, [&named](const Json& input, const std::string& where) {
    named.ids.push_back(id_of(input, where));
    serve::Input text = input_of(input, where);
    if (text.pair) wrong_value(where + ".text_pair", "a text that is no pair");
    named.texts.push_back(std::move(text.text));
  });
  return named;
}

NativeRequest native_request(const Json& json, std::size_t most) {
  NativeRequest request;
  std::set<std::string> known{"model", "inputs", "explain"};
  read_options(json, request.options, known);
  refuse_unknown(json, known, "body");
  if (const Json* wanted = find_member(json, "explain")) read_value(*wanted, "explain", request.explain);
  request.model = string_or(json, "model", "", sent("body"));
  read_inputs(json, request.explain ? std::min(most, kMostExplained) : most, request);
  return request;
}

AnswerJson result_json(const serve::Outcome& outcome, std::size_t index, const AnswerJson& id) {
  AnswerJson result{{"index", index}};
  if (!id.is_null()) result["id"] = id;
  if (outcome.error) {
    result["error"] = error_json(*outcome.error);
    return result;
  }
  add_prediction(result, outcome.prediction);
  return result;
}

/// Whether an error is about the request, by its options or its time, rather than about the text in whose place it is.
bool is_of_request(ErrorCode code) {
  return code == ErrorCode::invalid_argument || code == ErrorCode::deadline || code == ErrorCode::unavailable ||
         code == ErrorCode::internal;
}

/// The words that speak for a text's best label, which is not always the answer's: that of a rejected text is no label
/// of the model. A pair and a text with an error have none.
void add_effects(AnswerJson& result, const serve::Input& input, const ExplainOptions& options,
                 const serve::ServedModel& model) {
  if (input.pair || result.contains("error")) return;
  const std::vector<std::string> text{input.text};
  try {
    const auto explanations = explain(model.classifier(), text, options);
    result["effects"] = AnswerJson::parse(to_json(explanations.front())).at("effects");
  } catch (const Error& error) {
    if (is_of_request(error.code())) throw;
    result["error"] = error_json(error);  // the others are answered
  }
}

/// `explained` adds what speaks for the answer to the text of that index, where it is asked for.
Answer results_answer(const serve::ServedModel& model, const serve::Reply& reply, const std::vector<AnswerJson>& ids,
                      const std::function<void(AnswerJson&, std::size_t)>& explained = {}) {
  AnswerJson answer{{"model", model.name()}, {"results", AnswerJson::array()}};
  for (std::size_t i = 0; i < reply.outcomes.size(); ++i) {
    AnswerJson result = result_json(reply.outcomes[i], i, ids[i]);
    if (explained) explained(result, i);
    answer["results"].push_back(std::move(result));
  }
  return {.body = dumped(answer)};
}

/// Those that can run. They stay in the request where they are to be explained.
std::vector<serve::Input> right_inputs(NativeRequest& request) {
  std::vector<serve::Input> right;
  right.reserve(request.inputs.size());
  for (std::size_t i = 0; i < request.inputs.size(); ++i) {
    if (request.refused[i]) continue;
    right.push_back(request.explain ? request.inputs[i] : std::move(request.inputs[i]));
  }
  return right;
}

/// Gives each input that is none its error in its place, between the answers to the others. Where no input is right, by
/// itself or by the options, the request is wrong; where none could be answered, the request has failed.
void refuse_in_their_places(const std::vector<std::optional<Error>>& refused, serve::Reply& reply) {
  std::vector<serve::Outcome> all;
  all.reserve(refused.size());
  std::size_t answered = 0;
  for (const std::optional<Error>& error : refused)
    all.push_back(error ? serve::Outcome{{}, error} : std::move(reply.outcomes[answered++]));
  reply.outcomes = std::move(all);
  const auto is_wrong = [](const serve::Outcome& outcome) {
    return outcome.error && is_of_request(outcome.error->code());
  };
  if (!reply.outcomes.empty() && std::ranges::all_of(reply.outcomes, is_wrong)) throw_first_error(reply);
}

asio::awaitable<Answer> classify(Call& call) {
  const Json json = object_of(call);
  if (json.contains("input")) co_return co_await classify_input(call, json);
  NativeRequest request = native_request(json, call.service.options().max_inputs);
  const auto model = call.service.registry().model(request.model);
  std::vector<serve::Input> right = right_inputs(request);
  const std::optional<Error> first = request.refused.empty() ? std::nullopt : request.refused.front();
  if (first && right.empty()) throw Error(*first);
  serve::Reply reply = co_await call.service.answers(call, model, right, request.options);
  refuse_in_their_places(request.refused, reply);
  if (!request.explain) co_return results_answer(*model, reply, request.ids);
  const Service::Work work = [model, reply, request](const Wanted& wanted) {
    const ExplainOptions options{.reading = request.options, .before_step = [&wanted] { wanted.check(); }};
    return results_answer(*model, reply, request.ids, [&](AnswerJson& result, std::size_t index) {
      add_effects(result, request.inputs[index], options, *model);
    });
  };
  co_return co_await call.service.run_in_background(Worker::answering, call, work);
}

Service::Work explain_work(Call& call) {
  const Json json = object_of(call);
  ExplainOptions options;
  std::set<std::string> known{"model", "inputs"};
  read_options(json, options, known);
  refuse_unknown(json, known, "body");
  const ServerOptions& limits = call.service.options();
  const NamedTexts named = named_texts(json, std::min(kMostExplained, limits.max_inputs));
  check_texts(named.texts, limits);
  const auto model = call.service.registry().model(string_or(json, "model", "", sent("body")));
  return [model, named, options](const Wanted& wanted) mutable {
    options.before_step = [&wanted] { wanted.check(); };
    AnswerJson answer{{"model", model->name()}, {"results", AnswerJson::array()}};
    std::size_t index = 0;
    for (const Explanation& explanation : explain(model->classifier(), named.texts, options)) {
      AnswerJson result{{"index", index}};
      if (!named.ids[index].is_null()) result["id"] = named.ids[index];
      result.update(AnswerJson::parse(to_json(explanation)));
      answer["results"].push_back(std::move(result));
      ++index;
    }
    return Answer{.body = dumped(answer)};
  };
}

Service::Work zero_shot_work(Call& call) {
  const Json json = object_of(call);
  ZeroShotOptions options;
  std::set<std::string> known{"model", "inputs", "labels"};
  read_options(json, options, known);
  refuse_unknown(json, known, "body");
  const ServerOptions& limits = call.service.options();
  const NamedTexts named = named_texts(json, std::min(kMostZeroShot, limits.max_inputs));
  const auto labels = strings_of(json, "labels", kMostZeroShot);
  check_texts(named.texts, limits);
  check_texts(labels, limits);
  const auto model = call.service.registry().model(string_or(json, "model", "", sent("body")));
  return [model, named, labels, options](const Wanted& wanted) mutable {
    options.before_step = [&wanted] { wanted.check(); };
    AnswerJson answer{{"model", model->name()}, {"results", AnswerJson::array()}};
    std::size_t index = 0;
    for (const Prediction& prediction : zero_shot(model->classifier(), named.texts, labels, options)) {
      answer["results"].push_back(result_json({prediction}, index, named.ids[index]));
      ++index;
    }
    return Answer{.body = dumped(answer)};
  };
}

asio::awaitable<Answer> explain_texts(Call& call) {
  const Service::Work work = explain_work(call);
  co_return co_await call.service.run_in_background(Worker::answering, call, work);
}

asio::awaitable<Answer> zero_shot_texts(Call& call) {
  const Service::Work work = zero_shot_work(call);
  co_return co_await call.service.run_in_background(Worker::answering, call, work);
}

AnswerJson model_json(const serve::Registry::Entry& entry) {
  AnswerJson model{
      {"id", entry.name}, {"object", "model"}, {"owned_by", "tastevin"}, {"ready", entry.model != nullptr}};
  if (entry.model) {
    model["labels"] = entry.model->info().labels;
    model["task"] = name_of(entry.model->info().task);
    model["max_length"] = entry.model->info().max_length;
  }
  return model;
}

Answer models(Call& call) {
  AnswerJson list{{"object", "list"}, {"data", AnswerJson::array()}};
  for (const auto& entry : call.service.registry().entries()) list["data"].push_back(model_json(entry));
  return {.body = dumped(list)};
}

Answer one_model(Call& call) {
  const std::string name = call.parameter("model");
  for (const auto& entry : call.service.registry().entries())
    if (entry.name == name) return {.body = dumped(model_json(entry))};
  throw Error(ErrorCode::not_found, "model " + in_quotes(name, 100) + ": is not served here");
}

}  // namespace

void add_native_routes(Router& router) {
  router.add({"POST", "/v1/classify", classify, own_error});
  router.add({"POST", "/v1/explain", explain_texts, own_error});
  router.add({"POST", "/v1/zero-shot", zero_shot_texts, own_error});
  router.add({"GET", "/v1/models", plain(models), own_error});
  router.add({"GET", "/v1/models/{model}", plain(one_model), own_error});
}

}  // namespace tastevin::server
