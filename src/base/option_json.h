#pragma once

// Options as members of a JSON object, by their field lists: `top_k` for the field `top-k`. What a caller got wrong is
// `Error{invalid_argument}`.

#include <optional>
#include <set>
#include <string>
#include <type_traits>

#include "base/json.h"
#include "tastevin/options.h"

namespace tastevin {

[[noreturn]] void wrong_value(const std::string& name, const std::string& expected);

/// Throws `Error{invalid_argument}` when `value` is no string.
std::string text_of(const Json& value, const std::string& where);

template <class T>
void read_value(const Json& json, const std::string& name, T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    if (!json.is_boolean()) wrong_value(name, "true or false");
    value = json.get<bool>();
  } else if constexpr (std::is_enum_v<T>) {
    std::string choices;
    for (std::size_t i = 0; i < enum_names<T>.size(); ++i) {
      if (json.is_string() && json.get_ref<const std::string&>() == enum_names<T>[i]) {
        value = static_cast<T>(i);
        return;
      }
      choices += (i == 0 ? "" : ", ") + std::string(enum_names<T>[i]);
    }
    wrong_value(name, choices);
  } else if constexpr (std::is_same_v<T, std::optional<float>>) {
    if (!json.is_number()) wrong_value(name, "a number");
    value = json.get<float>();
  } else if constexpr (std::is_same_v<T, std::string>) {
    value = text_of(json, name);
  } else {
    const auto number = whole_number(json);
    if (!number) wrong_value(name, "a whole number from 0 to 2147483648");
    value = static_cast<T>(*number);
  }
}

/// Reads the options that `object` has; null is as if it were not there. Adds their names to `known`.
template <class Options>
void read_options(const Json& object, Options& options, std::set<std::string>& known) {
  Options::fields(options, [&](const char* name, auto& value, const char*) {
    const std::string key = key_name(name);
    known.insert(key);
    if (const Json* json = find_member(object, key.c_str())) read_value(*json, key, value);
  });
}

/// Throws `Error{invalid_argument}` for a member of `object`, called `where`, that is not `known`.
void refuse_unknown(const Json& object, const std::set<std::string>& known, const std::string& where);

}  // namespace tastevin
