// Hugging Face's inference API (@huggingface/tasks): text classification, and zero-shot where candidate labels are
// given.

#include <algorithm>

#include "base/ascii.h"
#include "base/prediction_json.h"
#include "protocols.h"
#include "request_json.h"
#include "service.h"
#include "tastevin/zero_shot.h"

namespace tastevin::server {
namespace {

namespace asio = boost::asio;

std::vector<std::string> labels_of(const Json& parameters) {
  const Json& given = parameters.at("candidate_labels");
  if (given.is_string()) {  // the pipeline's short form
    std::vector<std::string> labels;
    const std::string list = given.get<std::string>();
    for (std::size_t begin = 0; begin <= list.size();) {
      const std::size_t end = std::min(list.find(',', begin), list.size());
      labels.push_back(list.substr(begin, end - begin));
      begin = end + 1;
    }
    return labels;
  }
  if (!given.is_array()) wrong_value("candidate_labels", "a list of labels");
  std::vector<std::string> labels;
  for (const Json& label : given) labels.push_back(text_of(label, "candidate_labels"));
  return labels;
}

Service::Work zero_shot_work(const std::shared_ptr<serve::ServedModel>& model, const std::vector<serve::Input>& inputs,
                             const Json& parameters, bool one, const ServerOptions& limits) {
  refuse_unknown(parameters, {"candidate_labels", "hypothesis_template", "multi_label"}, "parameters");
  ZeroShotOptions options;
  options.multi_label = bool_or(parameters, "multi_label", false, sent("parameters"));
  options.hypothesis_template =
      string_or(parameters, "hypothesis_template", options.hypothesis_template, sent("parameters"));
  std::vector<std::string> texts;
  texts.reserve(inputs.size());
  for (const serve::Input& input : inputs) {
    if (input.pair)
      throw Error(ErrorCode::invalid_argument, "inputs: expected no text_pair where candidate_labels are given");
    texts.push_back(input.text);
  }
  const auto labels = labels_of(parameters);
  check_count(labels.size(), "candidate_labels", kMostZeroShot);
  check_texts(texts, limits);
  check_texts(labels, limits);
  return [model, texts, labels, options, one](const Wanted& wanted) mutable {
    options.before_step = [&wanted] { wanted.check(); };
    AnswerJson results = AnswerJson::array();
    for (const Prediction& prediction : zero_shot(model->classifier(), texts, labels, options))
      results.push_back(scores_json(prediction));
    return Answer{.body = dumped(one ? results.front() : results)};
  };
}

/// `truncation` and `max_length`, which counts where something is cut.
void read_truncation(const Json& parameters, ClassifyOptions& options) {
  options.max_length = size_or(parameters, "max_length", 0, sent("parameters"));
  const Json* given = find_member(parameters, "truncation");
  if (given == nullptr || *given == true || *given == "longest_first") return;
  if (*given == false || *given == "do_not_truncate") {
    options.truncation = Truncation::error;
    options.max_length = 0;
  } else if (*given == "only_first") {
    options.pair_truncation = PairTruncation::only_first;
  } else if (*given == "only_second") {
    options.pair_truncation = PairTruncation::only_second;
  } else {
    wrong_value("truncation", "true, false, longest_first, only_first, only_second or do_not_truncate");
  }
}

/// Those of the transformers pipeline, which the API hands them to. Of `padding` and `batch_size` no answer depends.
ClassifyOptions options_of(const Json& parameters) {
  refuse_unknown(
      parameters,
      {"top_k", "function_to_apply", "return_all_scores", "truncation", "max_length", "padding", "batch_size"},
      "parameters");
  ClassifyOptions options;
  const std::size_t all = bool_or(parameters, "return_all_scores", true, sent("parameters")) ? 0 : 1;
  options.top_k = size_or(parameters, "top_k", all, sent("parameters"));
  read_truncation(parameters, options);
  const std::string function = ascii::lower(string_or(parameters, "function_to_apply", "", sent("parameters")));
  if (function == "sigmoid") {
    options.function_to_apply = Activation::sigmoid;
  } else if (function == "softmax") {
    options.function_to_apply = Activation::softmax;
  } else if (function == "none") {
    options.function_to_apply = Activation::none;
  } else if (!function.empty()) {
    wrong_value("function_to_apply", "sigmoid, softmax or none");
  }
  return options;
}

std::vector<serve::Input> inputs_of(const Json& json, std::size_t most) {
  const Json* given = find_member(json, "inputs");
  if (given == nullptr) throw Error(ErrorCode::invalid_argument, "body: expected a member 'inputs'");
  if (!given->is_array()) return {input_of(*given, "inputs")};
  check_count(given->size(), "inputs", most);
  std::vector<serve::Input> inputs;
  for (const Json& input : *given) inputs.push_back(input_of(input, "inputs"));
  return inputs;
}

/// A list of answers whether one text is asked for or many: each the labels of a text, best first.
Answer answer_of(const serve::Reply& reply) {
  throw_first_error(reply);
  AnswerJson results = AnswerJson::array();
  for (const serve::Outcome& outcome : reply.outcomes) results.push_back(scores_json(outcome.prediction));
  return {.body = dumped(results)};
}

asio::awaitable<Answer> classify(Call& call) {
  const Json json = object_of(call);
  refuse_unknown(json, {"inputs", "parameters", "options"}, "body");  // the last is about its cache
  const auto model = call.service.registry().model(call.parameter("model"));
  const Json& parameters = parameters_of(json);
  const bool zero_shot = find_member(parameters, "candidate_labels") != nullptr;
  const std::size_t most = call.service.options().max_inputs;
  std::vector<serve::Input> inputs = inputs_of(json, zero_shot ? std::min(kMostZeroShot, most) : most);
  if (zero_shot) {
    const bool one = !json.at("inputs").is_array();
    const Service::Work work = zero_shot_work(model, inputs, parameters, one, call.service.options());
    co_return co_await call.service.run_in_background(Worker::answering, call, work);
  }
  const ClassifyOptions options = options_of(parameters);
  const serve::Reply reply = co_await call.service.answers(call, model, inputs, options);
  co_return answer_of(reply);
}

}  // namespace

void add_hugging_face_routes(Router& router) {
  router.add({"POST", "/", classify, error_answer});
  router.add({"POST", "/models/{model...}", classify, error_answer});
}

}  // namespace tastevin::server
