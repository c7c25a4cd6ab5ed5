#include "work/tables/json_members.h"

#include "base/json.h"

namespace tastevin::tables {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

/// Behind the string that begins at `at`.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; text[at] != '"'; ++at) at += text[at] == '\\' ? 1 : 0;
  return at + 1;
}

/// Behind the list or object that begins at `at`.
std::size_t end_of_nested(std::string_view text, std::size_t at) {
  std::size_t open = 0;
  do {
    const char c = text[at];
    open += c == '[' || c == '{' ? 1 : 0;
    open -= c == ']' || c == '}' ? 1 : 0;
    at = c == '"' ? end_of_string(text, at) : at + 1;
  } while (open > 0);
  return at;
}

std::size_t end_of_value(std::string_view text, std::size_t at) {
  if (text[at] == '"') return end_of_string(text, at);
  if (text[at] == '[' || text[at] == '{') return end_of_nested(text, at);
  return text.find_first_of(",} \t\r\n", at);
}

}  // namespace

std::vector<JsonMember> json_members(std::string_view object) {
  std::vector<JsonMember> members;
  std::size_t at = object.find('{') + 1;
  while (object[at = object.find_first_of("\"}", at)] == '"') {
    const std::size_t end_of_name = end_of_string(object, at);
    const std::size_t begin = object.find_first_not_of(kBlanks, object.find(':', end_of_name) + 1);
    const std::size_t end = end_of_value(object, begin);
    members.push_back({cell_of(object.substr(at, end_of_name - at)), begin, end - begin});
    at = end;
  }
  return members;
}

std::string cell_of(std::string_view value) {
  if (value == "null") return {};
  if (!value.starts_with('"')) return std::string(value);
  const std::string_view inside = value.substr(1, value.size() - 2);
  if (inside.find('\\') == std::string_view::npos) return std::string(inside);
  return parse_json(value, "a string").get<std::string>();
}

}  // namespace tastevin::tables
