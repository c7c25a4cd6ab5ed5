#include "openapi.h"

#include <algorithm>
#include <functional>

#include "openapi_operation.h"
#include "request_json.h"
#include "tastevin/explain.h"
#include "tastevin/options.h"
#include "tastevin/version.h"
#include "tastevin/zero_shot.h"

namespace tastevin::server {
namespace {

/// Schemas that several operations share, and what the models can do.
class Document {
 public:
  Document(const serve::Registry& models, const ServerOptions& limits) : limits_(limits) {
    bool first = true;
    for (const auto& entry : models.entries()) {
      names_.push_back(entry.name);
      if (entry.model) loaded_.push_back({entry.name, first, entry.model->info()});
      first = first && !entry.has_come;
    }
    names_.push_back(nullptr);
    names_.push_back("");
  }

  AnswerJson made() {
    add_native();
    add_inference_protocol();
    add_embeddings_inference();
    add_others();
    AnswerJson document{{"openapi", "3.1.0"}, {"info", {{"title", "tastevin"}, {"version", version()}}}};
    document["info"]["description"] = "Text classification: texts in, labels with scores out.";
    if (!limits_.api_key_file.empty()) {
      document["security"] =
          AnswerJson::array({AnswerJson{{"key", AnswerJson::array()}}});  // in braces, to clang the object itself
      document["components"]["securitySchemes"]["key"] = {{"type", "http"}, {"scheme", "bearer"}};
    }
    document["paths"] = std::move(paths_);
    return document;
  }

 private:
  struct Loaded {
    std::string name;
    bool first;
    ModelInfo info;
  };

  void add(const char* method, const char* path, const Operation& made) { paths_[path][method] = operation(made); }

  /// Whether it can answer is the status.
  void add_health(const char* path, std::string_view protocol, const AnswerJson& response) {
    AnswerJson made =
        operation({.summary = "Whether it can answer", .protocol = protocol, .response = response, .open = true});
    made["responses"]["503"] = made["responses"]["200"];
    paths_[path]["get"] = made;
  }

  static AnswerJson model_in(const AnswerJson& names) {
    return {{"enum", names}, {"description", "name of a model that is served; none, or an empty one, is the first"}};
  }
  AnswerJson model() const { return model_in(names_); }

  /// A body that depends on its model: the bodies of each.
  template <class Options>
  static AnswerJson body_of(const std::vector<Loaded>& models, const std::vector<std::string>& required,
                            const std::function<AnswerJson(const Loaded&)>& members) {
    AnswerJson bodies = AnswerJson::array();
    for (const Loaded& model : models) {
      AnswerJson own = closed_object<Options>({}, required);
      own["properties"].update(members(model), true);
      own["properties"]["model"] =
          model_in(model.first ? AnswerJson::array({model.name, nullptr, ""}) : AnswerJson::array({model.name}));
      if (!model.first) own["required"].push_back("model");
      bodies.push_back(std::move(own));
    }
    return {{"anyOf", std::move(bodies)}};
  }

  static AnswerJson flag() { return {{"type", {"boolean", "null"}}}; }
  static AnswerJson or_null(const AnswerJson& schema) { return {{"anyOf", {schema, {{"type", "null"}}}}}; }
  static AnswerJson closed(AnswerJson schema) {
    schema["additionalProperties"] = false;
    return schema;
  }

  AnswerJson texts(std::size_t most) const { return {{"oneOf", {text("a text"), list_of(text("a text"), most)}}}; }

  /// An item of a list that is no `input` has an error in its place.
  static AnswerJson any_or_error(const AnswerJson& input) {
    return {{"anyOf", {input, {{"description", "anything else has an error in its place, where another is right"}}}}};
  }

  static AnswerJson prediction() {
    const AnswerJson score{{"type", "number"}};
    const AnswerJson scored = object({{"label", {{"type", "string"}}}, {"score", score}}, {"label", "score"});
    return object({{"index", {{"type", "integer"}}},
                   {"label", {{"type", "string"}}},
                   {"score", score},
                   {"scores", list_of(scored)},
                   {"logits", list_of(score)},
                   {"tokens", {{"type", "integer"}}},
                   {"truncated", {{"type", "boolean"}}},
                   {"error", {{"type", "object"}}}},
                  {"index"});
  }

  static AnswerJson results() {
    return object({{"model", {{"type", "string"}}}, {"results", list_of(prediction())}}, {"model", "results"});
  }

  /// A text, or an object of one.
  static AnswerJson input_with(const AnswerJson& pair) {
    const AnswerJson id{{"type", {"string", "integer", "null"}},
                        {"minimum", -9007199254740992},
                        {"maximum", 9007199254740992},
                        {"description", "what the client calls it; repeated in its result"}};
    return {{"oneOf", {text("a text"), object({{"text", text("a text")}, {"text_pair", pair}, {"id", id}}, {"text"})}}};
  }

  /// Texts that are no pairs.
  AnswerJson named_texts(std::size_t most) const {
    const AnswerJson input = input_with({{"type", "null"}});
    return {{"anyOf", {input, list_of(input, most)}}};
  }

  void add_native() {
    const AnswerJson input = input_with({{"type", {"string", "null"}}, {"description", "its second part"}});
    AnswerJson members{{"model", model()},
                       {"inputs", {{"anyOf", {input, list_of(any_or_error(input), limits_.max_inputs)}}}}};
    members["explain"] = {{"type", {"boolean", "null"}},
                          {"description", "also the words that speak for the label or against it; at most 16 texts"}};
    add("post", "/v1/classify",
        {.summary = "The labels of texts",
         .protocol = "native",
         .request = closed_object<ClassifyOptions>(members, {"inputs"}),
         .response = results(),
         .example = {{"inputs", {"a wonderful film", "not my kind of thing"}}, {"top_k", 2}}});

    add_explain();
    add_zero_shot();
    add("get", "/v1/models",
        {.summary = "The models", .protocol = "native", .response = object({{"data", list_of({{"type", "object"}})}})});
    add("get", "/v1/models/{model}",
        {.summary = "One of the models",
         .protocol = "native",
         .response = object({{"id", {{"type", "string"}}}}, {"id"}),
         .parameters = {"model"}});
  }

  void add_explain() {
    const auto members = [this](const Loaded& model) {
      AnswerJson labels = AnswerJson::array({nullptr, ""});
      for (std::size_t i = 0; i < model.info.labels.size(); ++i) {
        labels.push_back(model.info.labels[i]);
        labels.push_back(std::to_string(i));
      }
      AnswerJson masks = AnswerJson::array({nullptr, ""});  // and any other token, which only the model knows
      if (!model.info.mask_token.empty()) masks.push_back(model.info.mask_token);
      return AnswerJson{{"inputs", named_texts(std::min(kMostExplained, limits_.max_inputs))},
                        {"mask_token", {{"enum", masks}}},
                        {"label", {{"enum", labels}, {"description", "a label, or its id"}}}};
    };
    add("post", "/v1/explain",
        {.summary = "The words that an answer rests on",
         .protocol = "native",
         .request = body_of<ExplainOptions>(loaded_, {"inputs"}, members),
         .response = object({{"results", list_of({{"type", "object"}})}}, {"results"}),
         .example = {{"inputs", "a wonderful film"}}});
  }

  void add_zero_shot() {
    std::vector<Loaded> entailing = loaded_;
    std::erase_if(entailing, [](const Loaded& model) { return !can_zero_shot(model.info); });
    if (entailing.empty()) return;
    const AnswerJson label{{"type", "string"}, {"pattern", R"([^ \t\r\n])"}};  // not blank
    const AnswerJson labels{{"oneOf", {label, filled(list_of(label, kMostZeroShot))}}};
    const auto members = [&](const Loaded& /*model*/) {
      return AnswerJson{{"inputs", named_texts(std::min(kMostZeroShot, limits_.max_inputs))},
                        {"labels", labels},
                        {"template", {{"pattern", R"(\{\})"}}}};
    };
    add("post", "/v1/zero-shot",
        {.summary = "Labels of one's own",
         .protocol = "native",
         .request = body_of<ZeroShotOptions>(entailing, {"inputs", "labels"}, members),
         .response = results(),
         .example = {{"model", entailing.front().name},
                     {"inputs", "the parcel never came"},
                     {"labels", {"delivery", "price"}}}});
  }

  void add_inference_protocol() {
    const char* protocol = "Open Inference Protocol";
    const AnswerJson any{{"type", "object"}};
    add("get", "/v2", {.summary = "The server", .protocol = protocol, .response = any});
    add("get", "/v2/health/live", {.summary = "Whether it lives", .protocol = protocol, .response = any, .open = true});
    add_health("/v2/health/ready", protocol, any);
    add("get", "/v2/models/{model}",
        {.summary = "A model", .protocol = protocol, .response = any, .parameters = {"model"}});
    add("get", "/v2/models/{model}/ready",
        {.summary = "Whether a model can answer", .protocol = protocol, .response = any, .parameters = {"model"}});
    AnswerJson tensor =
        object({{"name", {{"const", "text"}}},
                {"datatype", {{"enum", {"BYTES", nullptr}}}},
                {"shape", or_null(list_of({{"type", "integer"}, {"minimum", 0}}))},
                {"data", list_of({{"anyOf", {text("a text"), list_of(text("a text"))}}}, limits_.max_inputs)}},
               {"name", "data"});
    const AnswerJson output = object({{"name", {{"enum", {"label", "score", "scores", "logits"}}}}}, {"name"});
    add("post", "/v2/models/{model}/infer",
        {.summary = "The labels of texts",
         .protocol = protocol,
         .request = object({{"id", {{"type", {"string", "null"}}}},
                            {"inputs", filled(list_of(tensor, 1))},
                            {"outputs", or_null(list_of(output))}},
                           {"inputs"}),
         .response = object({{"outputs", list_of(any)}}, {"model_name", "outputs"}),
         .parameters = {"model"},
         .example = {
             {"inputs", {{{"name", "text"}, {"datatype", "BYTES"}, {"shape", {1}}, {"data", {"a wonderful film"}}}}}}});
    const std::string versioned = "/v2/models/{model}/versions/{version}";
    paths_[versioned] = paths_["/v2/models/{model}"];
    for (const char* behind : {"/ready", "/infer"})
      paths_[versioned + behind] = paths_[std::string("/v2/models/{model}") + behind];
    const AnswerJson version{
        {"name", "version"}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}, {"minLength", 1}}}};
    for (const char* behind : {"", "/ready", "/infer"})
      for (AnswerJson& made : paths_[versioned + behind]) made["parameters"].push_back(version);
    add("post", "/v2/repository/models/{model}/load",
        {.summary = "Load a model anew; what it was stays where that fails",
         .protocol = protocol,
         .parameters = {"model"},
         .loads = true});
    add("post", "/v2/repository/models/{model}/unload",
        {.summary = "Let go of a model", .protocol = protocol, .parameters = {"model"}});
    add("post", "/v2/repository/index",
        {.summary = "The models and their state",
         .protocol = protocol,
         .request = closed(object({{"ready", flag()}}, {})),
         .response = list_of(any),
         .needs_body = false});
  }

  void add_embeddings_inference() {
    const std::string_view protocol = kEmbeddings;
    const AnswerJson any{{"type", "object"}};
    const AnswerJson one_or_two = filled(list_of(text("a text, and its second part"), 2));
    const AnswerJson members{
        {"inputs", {{"oneOf", {text("a text"), one_or_two, filled(list_of(one_or_two, limits_.max_inputs))}}}},
        {"truncate", flag()},
        {"raw_scores", flag()},
        {"truncation_direction", {{"enum", {"left", "right", "Left", "Right", nullptr}}}}};
    const Operation predict{.summary = "The labels of a text, a pair, or a batch of such",
                            .protocol = protocol,
                            .request = object(members, {"inputs"}),
                            .response = list_of(AnswerJson::object()),
                            .example = {{"inputs", "a wonderful film"}}};
    add("post", "/predict", predict);
    add("post", "/invocations", predict);
    add("post", "/tokenize",
        {.summary = "The tokens of texts",
         .protocol = protocol,
         .request =
             object({{"inputs", {{"oneOf", {text("a text"), filled(list_of(text("a text"), limits_.max_inputs))}}}},
                     {"add_special_tokens", flag()}},
                    {"inputs"}),
         .response = list_of(list_of(any)),
         .example = {{"inputs", "a wonderful film"}}});
    add("get", "/info", {.summary = "The first model", .protocol = protocol, .response = any});
    add_health("/health", protocol, nullptr);
    if (loaded_.empty() || !loaded_.front().first || loaded_.front().info.labels.size() != 1) return;
    const AnswerJson some_texts = filled(list_of(text("a text"), limits_.max_inputs));
    add("post", "/rerank",
        {.summary = "Texts by how well they fit a query",
         .protocol = protocol,
         .request =
             object({{"query", text("the query")}, {"texts", some_texts}, {"return_text", flag()}}, {"query", "texts"}),
         .response = list_of(any)});
  }

  AnswerJson vllm_request() const {
    const AnswerJson tokens{
        {"oneOf", {{{"enum", {-1, nullptr}}}, {{"type", "integer"}, {"minimum", 1}, {"maximum", 2147483648U}}}},
        {"description", "that are left of a text; -1 is the limit of the model"}};
    AnswerJson members{{"model", model()},
                       {"input", texts(limits_.max_inputs)},
                       {"truncate_prompt_tokens", tokens},
                       {"truncation_side", {{"enum", {"left", "right", nullptr}}}},
                       {"add_special_tokens", {{"enum", {true, nullptr}}}},
                       {"use_activation", flag()},
                       {"activation", flag()}};
    for (const char* idle : {"padding", "priority", "request_id", "user"})
      members[idle] = {{"description", "changes no answer"}};
    return closed(object(members, {"input"}));
  }

  AnswerJson infinity_request() const {
    return closed(object({{"model", model()}, {"input", texts(limits_.max_inputs)}, {"raw_scores", flag()}},
                         {"input", "raw_scores"}));
  }

  /// For the labels of a model, or for one's own, where it `entails`.
  AnswerJson hugging_face_request(bool entails) const {
    AnswerJson of_labels{{"top_k", value_schema(std::size_t{0})},
                         {"function_to_apply", {{"enum", {"sigmoid", "softmax", "none", nullptr}}}},
                         {"return_all_scores", flag()},
                         {"truncation", flag()},
                         {"max_length", value_schema(std::size_t{0})}};
    for (const char* idle : {"padding", "batch_size"}) of_labels[idle] = {{"description", "changes no answer"}};
    const AnswerJson label{{"type", "string"}, {"pattern", R"([^ \t\r\n])"}};
    const AnswerJson of_ones_own{{"candidate_labels", filled(list_of(label, kMostZeroShot))},
                                 {"hypothesis_template", {{"type", {"string", "null"}}, {"pattern", R"(\{\})"}}},
                                 {"multi_label", flag()}};
    const auto request = [this](const AnswerJson& parameters, std::size_t most) {
      return closed(object(
          {{"inputs", texts(most)}, {"parameters", parameters}, {"options", {{"description", "changes no answer"}}}},
          {"inputs"}));
    };
    AnswerJson labels = closed(object(of_labels));
    labels["type"] = {"object", "null"};
    AnswerJson bodies = AnswerJson::array({request(labels, limits_.max_inputs)});
    if (entails) {
      AnswerJson own =
          request(closed(object(of_ones_own, {"candidate_labels"})), std::min(kMostZeroShot, limits_.max_inputs));
      own["required"].push_back("parameters");
      bodies.push_back(std::move(own));
    }
    return {{"anyOf", std::move(bodies)}};
  }

  void add_hugging_face() {
    const auto entails = [](const Loaded& model) { return can_zero_shot(model.info); };
    Operation asked{
        .summary = "The labels of texts",
        .protocol = "Hugging Face",
        .request = hugging_face_request(!loaded_.empty() && loaded_.front().first && entails(loaded_.front())),
        .response = list_of(AnswerJson::object()),
        .example = {{"inputs", "a wonderful film"}}};
    add("post", "/", asked);
    asked.request = hugging_face_request(std::ranges::any_of(loaded_, entails));
    asked.parameters = {"model"};
    add("post", "/models/{model}", asked);
  }

  void add_others() {
    const AnswerJson any{{"type", "object"}};
    add_hugging_face();
    add("get", "/",
        {.summary = "The page",
         .protocol = "status",
         .response = {{"type", "string"}},
         .open = true,
         .type = "text/html"});
    add("post", "/classify",
        {.summary = "The labels of texts",
         .protocol = kInputShapes,
         .request = {{"anyOf", {vllm_request(), infinity_request()}}},
         .response = object({{"data", list_of(AnswerJson::object())}}, {"data"}),
         .example = {{"input", "a wonderful film"}}});
    add_health("/ping", "SageMaker", nullptr);
    add("get", "/metrics",
        {.summary = "Figures for Prometheus",
         .protocol = "status",
         .response = {{"type", "string"}},
         .open = !limits_.metrics_need_key,
         .type = "text/plain"});
  }

  const ServerOptions& limits_;
  AnswerJson names_ = AnswerJson::array();
  AnswerJson paths_ = AnswerJson::object();
  std::vector<Loaded> loaded_;
};

}  // namespace

AnswerJson openapi_document(const serve::Registry& models, const ServerOptions& limits) {
  return Document(models, limits).made();
}

}  // namespace tastevin::server
