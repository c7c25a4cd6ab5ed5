#include "openapi.h"

#include <algorithm>
#include <optional>
#include <type_traits>

#include "request_json.h"
#include "tastevin/explain.h"
#include "tastevin/options.h"
#include "tastevin/version.h"
#include "tastevin/zero_shot.h"

namespace tastevin::server {
namespace {

AnswerJson text(const char* description) { return {{"type", "string"}, {"description", description}}; }

AnswerJson list_of(const AnswerJson& item, std::size_t most = 0) {
  AnswerJson list{{"type", "array"}, {"items", item}};
  if (most > 0) list["maxItems"] = most;
  return list;
}

AnswerJson object(const AnswerJson& properties, const std::vector<std::string>& required = {}) {
  AnswerJson schema{{"type", "object"}, {"properties", properties}};
  if (!required.empty()) schema["required"] = required;
  return schema;
}

/// A member may be null, which is as if it were not there.
template <class T>
AnswerJson value_schema(const T& fallback) {
  if constexpr (std::is_same_v<T, bool>) {
    return {{"type", {"boolean", "null"}}, {"default", fallback}};
  } else if constexpr (std::is_enum_v<T>) {
    AnswerJson choices = AnswerJson::array();
    for (const std::string_view name : enum_names<T>) choices.push_back(std::string(name));
    choices.push_back(nullptr);
    return {{"enum", choices}, {"default", std::string(name_of(fallback))}};
  } else if constexpr (std::is_same_v<T, std::optional<float>>) {
    return {{"type", {"number", "null"}}, {"minimum", 0}, {"maximum", 1}};
  } else if constexpr (std::is_same_v<T, std::string>) {
    return {{"type", {"string", "null"}}, {"default", fallback}};
  } else {
    return {{"type", {"integer", "null"}}, {"minimum", 0}, {"maximum", 2147483648U}, {"default", fallback}};
  }
}

template <class Options>
void add_options(AnswerJson& properties) {
  Options defaults;
  Options::fields(defaults, [&properties](const char* name, const auto& value, const char* help) {
    AnswerJson schema = value_schema(value);
    schema["description"] = help;
    properties[json_name(name)] = std::move(schema);
  });
}

/// A body that may have the members of `Options` too, and no others.
template <class Options>
AnswerJson closed_object(AnswerJson members, const std::vector<std::string>& required) {
  add_options<Options>(members);
  AnswerJson schema = object(members, required);
  schema["additionalProperties"] = false;
  return schema;
}

AnswerJson error_schema() { return object({{"error", AnswerJson::object()}}, {"error"}); }

AnswerJson content(const char* type, const AnswerJson& schema) { return {{type, {{"schema", schema}}}}; }

struct Operation {
  const char* summary;
  const char* protocol;
  AnswerJson request = nullptr;   ///< schema of the body; null: none
  AnswerJson response = nullptr;  ///< likewise; null: an empty body
  std::vector<const char*> parameters = {};
  bool open = false;
  AnswerJson example = nullptr;
};

AnswerJson operation(const Operation& from) {
  AnswerJson made{{"summary", from.summary}, {"tags", {from.protocol}}};
  for (const char* name : from.parameters) {
    made["parameters"].push_back(
        {{"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}, {"minLength", 1}}}});
  }
  if (!from.request.is_null()) {
    AnswerJson body = content("application/json", from.request);
    if (!from.example.is_null()) body["application/json"]["example"] = from.example;
    made["requestBody"] = {{"required", true}, {"content", body}};
  }
  AnswerJson good{{"description", "The answer"}};
  if (!from.response.is_null()) good["content"] = content("application/json", from.response);
  made["responses"]["200"] = good;
  AnswerJson bad{{"description", "What is wrong"}};
  if (!from.response.is_null()) bad["content"] = content("application/json", error_schema());
  made["responses"]["default"] = bad;
  if (from.open) made["security"] = AnswerJson::array();
  return made;
}

/// Schemas that several operations share, and what the models can do.
class Document {
 public:
  Document(const serve::Registry& models, const ServerOptions& limits) : limits_(limits) {
    for (const auto& entry : models.entries()) {
      names_.push_back(entry.name);
      if (!entry.model) continue;
      const ModelInfo& info = entry.model->info();
      reranks_ = reranks_ || info.labels.size() == 1;
      entails_ = entails_ || can_zero_shot(info);
    }
    names_.push_back(nullptr);
  }

  AnswerJson made() {
    add_native();
    add_inference_protocol();
    add_embeddings_inference();
    add_others();
    AnswerJson document{{"openapi", "3.1.0"}, {"info", {{"title", "tastevin"}, {"version", version()}}}};
    document["info"]["description"] = "Text classification: texts in, labels with scores out.";
    if (!limits_.api_key_file.empty()) {
      document["security"] = {AnswerJson{{"key", AnswerJson::array()}}};
      document["components"]["securitySchemes"]["key"] = {{"type", "http"}, {"scheme", "bearer"}};
    }
    document["paths"] = std::move(paths_);
    return document;
  }

 private:
  void add(const char* method, const char* path, const Operation& made) { paths_[path][method] = operation(made); }

  AnswerJson model() const {
    return {{"enum", names_}, {"description", "name of a model that is served; none is the first"}};
  }

  AnswerJson texts(std::size_t most) const { return {{"oneOf", {text("a text"), list_of(text("a text"), most)}}}; }

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

  void add_native() {
    const AnswerJson id{{"type", {"string", "integer", "null"}},
                        {"minimum", -9007199254740992},
                        {"maximum", 9007199254740992},
                        {"description", "what the client calls it; repeated in its result"}};
    const AnswerJson input{
        {"oneOf",
         {text("a text"), object({{"text", text("a text")},
                                  {"text_pair", {{"type", {"string", "null"}}, {"description", "its second part"}}},
                                  {"id", id}},
                                 {"text"})}}};
    AnswerJson members{{"model", model()}, {"inputs", {{"oneOf", {input, list_of(input, limits_.max_inputs)}}}}};
    members["explain"] = {{"type", {"boolean", "null"}},
                          {"description", "also the words that speak for the label or against it; at most 16 texts"}};
    add("post", "/v1/classify",
        {.summary = "The labels of texts",
         .protocol = "native",
         .request = closed_object<ClassifyOptions>(members, {"inputs"}),
         .response = results(),
         .example = {{"inputs", {"a wonderful film", "not my kind of thing"}}, {"top_k", 2}}});

    add("post", "/v1/explain",
        {.summary = "The words that an answer rests on",
         .protocol = "native",
         .request = closed_object<ExplainOptions>({{"model", model()}, {"inputs", texts(16)}}, {"inputs"}),
         .response = object({{"results", list_of({{"type", "object"}})}}, {"results"}),
         .example = {{"inputs", "a wonderful film"}}});
    if (entails_) add_zero_shot();
    add("get", "/v1/models",
        {.summary = "The models", .protocol = "native", .response = object({{"data", list_of({{"type", "object"}})}})});
  }

  void add_zero_shot() {
    const AnswerJson members{{"model", model()}, {"inputs", texts(128)}, {"labels", texts(128)}};
    add("post", "/v1/zero-shot",
        {.summary = "Labels of one's own",
         .protocol = "native",
         .request = closed_object<ZeroShotOptions>(members, {"inputs", "labels"}),
         .response = results(),
         .example = {{"inputs", "the parcel never came"}, {"labels", {"delivery", "price"}}}});
  }

  void add_inference_protocol() {
    const char* protocol = "Open Inference Protocol";
    const AnswerJson any{{"type", "object"}};
    add("get", "/v2", {.summary = "The server", .protocol = protocol, .response = any});
    add("get", "/v2/health/live", {.summary = "Whether it lives", .protocol = protocol, .response = any, .open = true});
    AnswerJson ready =
        operation({.summary = "Whether it can answer", .protocol = protocol, .response = any, .open = true});
    ready["responses"]["503"] = ready["responses"]["200"];
    paths_["/v2/health/ready"]["get"] = ready;
    add("get", "/v2/models/{model}",
        {.summary = "A model", .protocol = protocol, .response = any, .parameters = {"model"}});
    add("get", "/v2/models/{model}/ready",
        {.summary = "Whether a model can answer", .protocol = protocol, .response = any, .parameters = {"model"}});
    AnswerJson tensor = object({{"name", {{"const", "text"}}},
                                {"datatype", {{"const", "BYTES"}}},
                                {"shape", list_of({{"type", "integer"}, {"minimum", 0}})},
                                {"data", list_of(text("a text"), limits_.max_inputs)}},
                               {"name", "datatype", "shape", "data"});
    AnswerJson inputs = list_of(tensor, 1);
    inputs["minItems"] = 1;
    const AnswerJson output = object({{"name", {{"enum", {"label", "score", "scores", "logits"}}}}}, {"name"});
    add("post", "/v2/models/{model}/infer",
        {.summary = "The labels of texts",
         .protocol = protocol,
         .request =
             object({{"id", {{"type", "string"}}}, {"inputs", inputs}, {"outputs", list_of(output)}}, {"inputs"}),
         .response = object({{"outputs", list_of(any)}}, {"model_name", "outputs"}),
         .parameters = {"model"},
         .example = {
             {"inputs", {{{"name", "text"}, {"datatype", "BYTES"}, {"shape", {1}}, {"data", {"a wonderful film"}}}}}}});
    add("post", "/v2/repository/index",
        {.summary = "The models and their state", .protocol = protocol, .response = list_of(any)});
  }

  void add_embeddings_inference() {
    const char* protocol = "text-embeddings-inference";
    const AnswerJson any{{"type", "object"}};
    const AnswerJson flag{{"type", {"boolean", "null"}}};
    AnswerJson one_or_two = list_of(text("a text, and its second part"), 2);
    one_or_two["minItems"] = 1;
    const AnswerJson members{
        {"inputs", {{"oneOf", {text("a text"), one_or_two, list_of(one_or_two, limits_.max_inputs)}}}},
        {"truncate", flag},
        {"raw_scores", flag},
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
         .request = object({{"inputs", texts(limits_.max_inputs)}, {"add_special_tokens", flag}}, {"inputs"}),
         .response = list_of(list_of(any)),
         .example = {{"inputs", "a wonderful film"}}});
    add("get", "/info", {.summary = "The first model", .protocol = protocol, .response = any});
    add("get", "/health", {.summary = "Whether it can answer", .protocol = protocol, .open = true});
    if (!reranks_) return;
    AnswerJson some_texts = list_of(text("a text"), limits_.max_inputs);
    some_texts["minItems"] = 1;
    add("post", "/rerank",
        {.summary = "Texts by how well they fit a query",
         .protocol = protocol,
         .request =
             object({{"query", text("the query")}, {"texts", some_texts}, {"return_text", flag}}, {"query", "texts"}),
         .response = list_of(any)});
  }

  void add_others() {
    const AnswerJson any{{"type", "object"}};
    const AnswerJson functions{{"enum", {"sigmoid", "softmax", "none", nullptr}}};
    const AnswerJson parameters =
        object({{"top_k", {{"type", {"integer", "null"}}, {"minimum", 0}}}, {"function_to_apply", functions}});
    Operation hugging_face{
        .summary = "The labels of texts",
        .protocol = "Hugging Face",
        .request = object({{"inputs", texts(limits_.max_inputs)}, {"parameters", parameters}}, {"inputs"}),
        .response = list_of(AnswerJson::object()),
        .example = {{"inputs", "a wonderful film"}}};
    add("post", "/", hugging_face);
    hugging_face.parameters = {"model"};
    add("post", "/models/{model}", hugging_face);
    add("post", "/classify",
        {.summary = "The labels of texts",
         .protocol = "vLLM",
         .request = object({{"model", model()}, {"input", texts(limits_.max_inputs)}}, {"input"}),
         .response = object({{"data", list_of(any)}}, {"data"}),
         .example = {{"input", "a wonderful film"}}});
    add("get", "/ping", {.summary = "Whether it can answer", .protocol = "SageMaker", .open = true});
    AnswerJson metrics = operation({.summary = "Figures for Prometheus", .protocol = "status"});
    metrics["responses"]["200"]["content"] = content("text/plain", {{"type", "string"}});
    metrics["responses"]["default"]["content"] = content("application/json", error_schema());
    paths_["/metrics"]["get"] = metrics;
  }

  const ServerOptions& limits_;
  AnswerJson names_ = AnswerJson::array();
  AnswerJson paths_ = AnswerJson::object();
  bool reranks_ = false;
  bool entails_ = false;
};

}  // namespace

AnswerJson openapi_document(const serve::Registry& models, const ServerOptions& limits) {
  return Document(models, limits).made();
}

}  // namespace tastevin::server
