#include "openapi_operation.h"

namespace tastevin::server {
namespace {

/// What is answered where something is wrong: as the protocol has it, and as ours does where no route was reached.
AnswerJson error_schema(std::string_view protocol) {
  const AnswerJson message = text("what is wrong");
  const AnswerJson type = text("its kind");
  const AnswerJson inner =
      object({{"code", {{"type", "integer"}}}, {"type", type}, {"message", message}}, {"code", "message"});
  AnswerJson own = object({{"error", inner}}, {"error"});
  if (protocol == "native" || protocol == "status") return own;
  AnswerJson theirs = object({{"error", message}}, {"error"});
  if (protocol == kEmbeddings) theirs = object({{"error", message}, {"error_type", type}}, {"error", "error_type"});
  if (protocol == kInputShapes)
    theirs = object({{"object", {{"const", "error"}}}, {"message", message}, {"type", type}}, {"object", "message"});
  return {{"anyOf", {theirs, own}}};
}

AnswerJson content(const char* type, const AnswerJson& schema) { return {{type, {{"schema", schema}}}}; }

/// What may go wrong: with any request, with the path's model, with a body.
std::vector<const char*> statuses_of(const Operation& from) {
  std::vector<const char*> statuses{"400", "403", "431"};
  if (!from.open) statuses.push_back("401");
  if (!from.parameters.empty() || !from.request.is_null()) statuses.insert(statuses.end(), {"404", "503"});
  if (from.request.is_null() && !from.loads) return statuses;
  statuses.insert(statuses.end(), {"413", "415", "422", "429", "500", "501", "504"});
  if (from.protocol == kEmbeddings) statuses.push_back("424");
  return statuses;
}

}  // namespace

AnswerJson operation(const Operation& from) {
  AnswerJson made{{"summary", from.summary}, {"tags", {std::string(from.protocol)}}};
  for (const char* name : from.parameters) {
    made["parameters"].push_back(
        {{"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}, {"minLength", 1}}}});
  }
  if (!from.request.is_null()) {
    AnswerJson body = content("application/json", from.request);
    if (!from.example.is_null()) body["application/json"]["example"] = from.example;
    made["requestBody"] = {{"required", from.needs_body}, {"content", body}};
  }
  AnswerJson good{{"description", "The answer"}};
  if (!from.response.is_null()) good["content"] = content(from.type, from.response);
  made["responses"]["200"] = good;
  const AnswerJson bad{{"description", "What is wrong"},
                       {"content", content("application/json", error_schema(from.protocol))}};
  for (const char* status : statuses_of(from)) made["responses"][status] = bad;
  if (from.open) made["security"] = AnswerJson::array();
  return made;
}

}  // namespace tastevin::server
