#pragma once

// What the OpenAPI document is made of: schemas of JSON, and operations.

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "request_json.h"

namespace tastevin::server {

inline constexpr std::string_view kEmbeddings = "text-embeddings-inference";
inline constexpr std::string_view kInputShapes = "vLLM, infinity";

inline AnswerJson text(const char* description) { return {{"type", "string"}, {"description", description}}; }

inline AnswerJson list_of(const AnswerJson& item, std::size_t most = 0) {
  AnswerJson list{{"type", "array"}, {"items", item}};
  if (most > 0) list["maxItems"] = most;
  return list;
}

inline AnswerJson filled(AnswerJson list) {
  list["minItems"] = 1;
  return list;
}

inline AnswerJson object(const AnswerJson& properties, const std::vector<std::string>& required = {}) {
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
    return {{"type", {"number", "null"}}};
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
    properties[key_name(name)] = std::move(schema);
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

struct Operation {
  const char* summary;
  std::string_view protocol;
  AnswerJson request = nullptr;   ///< schema of the body; null: none
  AnswerJson response = nullptr;  ///< likewise; null: an empty body
  std::vector<const char*> parameters = {};
  bool open = false;
  bool loads = false;  ///< without a body it may fail as with one
  bool needs_body = true;
  AnswerJson example = nullptr;
  const char* type = "application/json";  ///< of the response
};

/// As the document has it: with what may go wrong.
AnswerJson operation(const Operation& from);

}  // namespace tastevin::server
