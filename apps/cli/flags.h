#pragma once

// An options struct as command-line flags: its field list gives names, defaults and help.

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/ascii.h"
#include "tastevin/options.h"

namespace tastevin::cli {

/// "right|left|error"
template <class Enum>
std::string choices() {
  std::string text;
  for (const std::string_view name : enum_names<Enum>) text += (text.empty() ? "" : "|") + std::string(name);
  return text;
}

template <class Enum>
Enum parse_enum(const std::string& flag, const std::string& spelling) {
  for (std::size_t i = 0; i < enum_names<Enum>.size(); ++i) {
    if (enum_names<Enum>[i] == spelling) return static_cast<Enum>(i);
  }
  throw CLI::ValidationError(flag, "expected " + choices<Enum>() + ", found '" + spelling + "'");
}

/// A whole number as people write it. CLI11 would read "-1" as the largest one, "010" as 8, and take what is too large
/// for the largest.
inline std::string whole_number(std::string& text) {
  if (text.starts_with('-')) return "expected 0 or more, found '" + text + "'";
  const auto number = ascii::number<std::size_t>(text);
  if (!number) return "expected a number, found '" + text + "'";
  text = std::to_string(*number);
  return "";
}

template <class T>
CLI::Option* add_flag(CLI::App& app, const std::string& flag, T& value, const std::string& help) {
  if constexpr (std::is_same_v<T, bool>) {
    return value ? app.add_flag(flag + ",!--no-" + flag.substr(2), value, help + " (default)")
                 : app.add_flag(flag, value, help);
  } else if constexpr (std::is_enum_v<T>) {
    const auto assign = [&value, flag](const std::string& spelling) { value = parse_enum<T>(flag, spelling); };
    return app.add_option_function<std::string>(flag, assign, help)
        ->type_name(choices<T>())
        ->default_str(std::string(name_of(value)));
  } else if constexpr (std::is_same_v<T, std::optional<float>>) {
    return app.add_option_function<float>(
                  flag, [&value](const float& given) { value = given; }, help)
        ->type_name("NUMBER");
  } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
    return app.add_option(flag, value, help)->delimiter(',')->allow_extra_args(false)->type_name("A,B,...");
  } else if constexpr (std::is_same_v<T, std::string>) {
    CLI::Option* option = app.add_option(flag, value, help)->type_name("NAME");
    return value.empty() ? option : option->capture_default_str();
  } else {
    static_assert(std::is_integral_v<T>);
    return app.add_option(flag, value, help)
        ->type_name("N")
        ->transform(CLI::Validator(whole_number, ""))
        ->capture_default_str();
  }
}

/// Adds a flag for every field of `options`, which must outlive the parsing.
template <class Options>
void add_flags(CLI::App& app, Options& options) {
  Options::fields(options, [&app](const char* name, auto& value, const char* help) {
    add_flag(app, "--" + std::string(name), value, help);
  });
}

}  // namespace tastevin::cli
