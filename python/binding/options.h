#pragma once

// An options struct as keyword arguments: its field list gives names, checks, defaults, the signature and the help.

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "errors.h"
#include "tastevin/options.h"

namespace tastevin::python {

/// A text's UTF-8; nothing for what is none, or cannot be UTF-8.
std::optional<std::string> utf8_of(nanobind::handle given);

template <class Enum>
Enum enum_of(const std::string& name, nanobind::handle given) {
  std::string names;
  const std::optional<std::string> spelling = utf8_of(given);
  for (std::size_t i = 0; i < enum_names<Enum>.size(); ++i) {
    if (enum_names<Enum>[i] == spelling) return static_cast<Enum>(i);
    names += (i == 0 ? "'" : ", '") + std::string(enum_names<Enum>[i]) + "'";
  }
  refuse(name, "one of " + names, given);
}

/// Whether `package` made the value's type. (The full name of a type does not tell: that of a static one, as NumPy's
/// are, is without its module.)
bool is_of_package(nanobind::handle value, std::string_view package);

/// A number in a field, whatever type of number Python has it in.
bool bool_of(const std::string& name, nanobind::handle given);
std::size_t size_of(const std::string& name, nanobind::handle given);
double number_of(const std::string& name, nanobind::handle given);
std::string text_of(const std::string& name, nanobind::handle given);

template <class T>
T value_of(const std::string& name, nanobind::handle given) {
  if constexpr (std::is_same_v<T, bool>) {
    return bool_of(name, given);
  } else if constexpr (std::is_enum_v<T>) {
    return enum_of<T>(name, given);
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(size_of(name, given));
  } else if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(number_of(name, given));
  } else if constexpr (std::is_same_v<T, std::optional<float>>) {
    return given.is_none() ? T() : T(static_cast<float>(number_of(name, given)));
  } else {
    return text_of(name, given);
  }
}

template <class T>
nanobind::object python_value(const T& value) {
  if constexpr (std::is_enum_v<T>) {
    return nanobind::cast(std::string(name_of(value)));
  } else {
    return nanobind::cast(value);
  }
}

template <class T>
std::string type_text() {
  if constexpr (std::is_same_v<T, bool>) {
    return "bool";
  } else if constexpr (std::is_enum_v<T>) {
    std::string names;
    for (const std::string_view name : enum_names<T>) names += (names.empty() ? "'" : ", '") + std::string(name) + "'";
    return "typing.Literal[" + names + "]";
  } else if constexpr (std::is_integral_v<T>) {
    return "int";
  } else if constexpr (std::is_floating_point_v<T>) {
    return "float";
  } else if constexpr (std::is_same_v<T, std::optional<float>>) {
    return "float | None";
  } else {
    return "str";
  }
}

/// A `TypeError`, as Python has it for a function's own arguments.
[[noreturn]] void refuse_name(const std::string& function, nanobind::handle name);

/// The options that `given` names; the rest keep their defaults.
template <class Options>
Options options_from(const std::string& function, const nanobind::dict& given) {
  Options options;
  std::size_t known = 0;
  Options::fields(options, [&](const char* field, auto& value, const char*) {
    const std::string name = key_name(field);
    if (!given.contains(name.c_str())) return;
    value = value_of<std::decay_t<decltype(value)>>(name, given[name.c_str()]);
    ++known;
  });
  if (known == given.size()) return options;
  for (const auto& [name, value] : given) {
    bool is_field = false;
    Options::fields(options, [&](const char* field, auto&, const char*) {
      is_field = is_field || key_name(field) == utf8_of(name);
    });
    if (!is_field) refuse_name(function, name);
  }
  return options;
}

/// All fields as Python values, by name: those of `given`, else the defaults.
template <class Options>
nanobind::dict all_options(const nanobind::dict& given) {
  nanobind::dict all;
  const Options defaults;
  Options::fields(defaults, [&](const char* field, const auto& value, const char*) {
    const std::string name = key_name(field);
    all[name.c_str()] = given.contains(name.c_str()) ? nanobind::object(given[name.c_str()]) : python_value(value);
  });
  return all;
}

/// `, *, top_k: int = 1, ...`: the fields as they stand in a function's signature.
template <class Options>
std::string keywords() {
  std::string text = ", *";
  const Options defaults;
  Options::fields(defaults, [&](const char* field, const auto& value, const char*) {
    text += ", " + key_name(field) + ": " + type_text<std::decay_t<decltype(value)>>() + " = " +
            nanobind::cast<std::string>(nanobind::repr(python_value(value)));
  });
  return text;
}

/// `what`, and below it a line a field.
template <class Options>
std::string help(const std::string& what) {
  std::string text = what + "\n\nOptions:\n";
  const Options defaults;
  Options::fields(defaults, [&](const char* field, const auto&, const char* words) {
    text += "    " + key_name(field) + ": " + words + "\n";
  });
  return text;
}

}  // namespace tastevin::python
