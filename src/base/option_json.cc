#include "base/option_json.h"

#include "base/error.h"

namespace tastevin {

void wrong_value(const std::string& name, const std::string& expected) {
  throw Error(ErrorCode::invalid_argument, name + ": expected " + expected);
}

std::string text_of(const Json& value, const std::string& where) {
  if (!value.is_string()) wrong_value(where, "a string");
  return value.get<std::string>();
}

namespace {

[[noreturn]] void unknown_member(const std::string& name, const std::set<std::string>& known,
                                 const std::string& where) {
  std::string all;
  for (const std::string& one : known) all += (all.empty() ? "" : ", ") + one;
  throw Error(ErrorCode::invalid_argument, where + ": " +
                                               (all.empty() ? "expected none" : "expected members among " + all) +
                                               ", found " + in_quotes(name, 40));
}

}  // namespace

void refuse_unknown(const Json& object, const std::set<std::string>& known, const std::string& where) {
  for (const auto& [name, value] : object.items()) {
    if (!known.contains(name)) unknown_member(name, known, where);
  }
}

}  // namespace tastevin
