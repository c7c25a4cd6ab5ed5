#pragma once

// A table from `type` to constructor, and the refusal of what is not in it.

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json.h"

namespace tastevin::tokenizer {

template <class Component>
struct ComponentType {
  std::string_view name;
  std::unique_ptr<const Component> (*make)(const Json& json, const std::string& where);
};

/// The `type` that `json` names; "" when it is no object or names none.
inline std::string type_of(const Json& json) {
  const Json* type = json.is_object() ? find_member(json, "type") : nullptr;
  return type != nullptr && type->is_string() ? type->get<std::string>() : std::string();
}

/// `kind` is "normalizer", ... for messages. Null for JSON null.
template <class Component>
std::unique_ptr<const Component> make_component(std::span<const ComponentType<Component>> types, const char* kind,
                                                const Json& json, const std::string& where) {
  if (json.is_null()) return nullptr;
  const std::string place = where + ": " + kind;
  if (!json.is_object())
    throw Error(ErrorCode::bad_checkpoint, place + ": expected an object, found " + quoted_json(json));
  const std::string name = require_string(json, "type", place);
  for (const auto& type : types) {
    if (type.name == name) return type.make(json, (place + " ").append(name));
  }
  throw Error(ErrorCode::unsupported_model, place + " of type " + in_quotes(name) + " is not supported");
}

/// The members of a Sequence; null ones are an error.
inline const Json& component_list(const Json& json, const char* key, const std::string& where) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_array())
    throw Error(ErrorCode::bad_checkpoint, where + ": expected a list " + in_quotes(key));
  for (const Json& component : *found) {
    if (!component.is_object())
      throw Error(ErrorCode::bad_checkpoint, where + ": expected an object, found " + quoted_json(component));
  }
  return *found;
}

}  // namespace tastevin::tokenizer
