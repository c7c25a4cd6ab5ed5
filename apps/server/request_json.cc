#include "request_json.h"

#include "http_status.h"
#include "service.h"

namespace tastevin::server {

Json parse_body(const Call& call, std::string_view text) {
  return parse_json(text, "body", call.service.options().max_json_depth, ErrorCode::invalid_argument);
}

Json object_of(const Call& call) {
  Json json = parse_body(call, call.body);
  require_object(json);
  return json;
}

void require_object(const Json& body) {
  if (!body.is_object()) throw Error(ErrorCode::invalid_argument, "body: expected a JSON object");
}

serve::Input input_of(const Json& value, const std::string& where) {
  if (value.is_string()) return {value.get<std::string>()};
  if (!value.is_object())
    throw Error(ErrorCode::invalid_argument, where + ": expected a string or an object with a text");
  const Json* text = find_member(value, "text");
  if (text == nullptr) throw Error(ErrorCode::invalid_argument, where + ": expected a member 'text'");
  serve::Input input{text_of(*text, where + ".text")};
  if (const Json* pair = find_member(value, "text_pair")) input.pair = text_of(*pair, where + ".text_pair");
  return input;
}

void check_count(std::size_t count, const char* member, std::size_t most) {
  if (count <= most) return;
  throw Error(ErrorCode::too_large,
              std::string(member) + ": expected at most " + std::to_string(most) + ", found " + std::to_string(count));
}

std::vector<std::string> strings_of(const Json& json, const char* name, std::size_t most) {
  const Json* value = find_member(json, name);
  if (value == nullptr) throw Error(ErrorCode::invalid_argument, std::string("body: expected a member '") + name + "'");
  if (value->is_string()) return {value->get<std::string>()};
  if (!value->is_array()) wrong_value(name, "a string or a list of them");
  check_count(value->size(), name, most);
  std::vector<std::string> strings;
  for (const Json& item : *value) strings.push_back(text_of(item, name));
  return strings;
}

void check_texts(const std::vector<std::string>& texts, const ServerOptions& limits) {
  for (const std::string& text : texts) {
    if (text.size() > limits.max_text_bytes)
      throw Error(ErrorCode::too_large,
                  "the text: expected at most " + std::to_string(limits.max_text_bytes) + " bytes");
  }
}

const Json& parameters_of(const Json& object) {
  static const Json none = Json::object();
  const Json* parameters = find_member(object, "parameters");
  if (parameters == nullptr) return none;
  if (!parameters->is_object()) wrong_value("parameters", "an object");
  return *parameters;
}

Answer error_answer(const Error& error, std::optional<unsigned> status) {
  return {.status = status.value_or(http_kind(error.code()).status), .body = dumped({{"error", error.what()}})};
}

}  // namespace tastevin::server
