#pragma once

// JSON as files and requests have it: parsed within limits, read with errors that say where. Floats are `float`s and
// print with the fewest digits that read back the same.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "tastevin/error.h"

namespace tastevin {

/// For reading: numbers as `double`, so that `1e30` and large integers keep their value.
using Json = nlohmann::json;

/// For writing answers: members stay in the order in which they were added.
using AnswerJson =
    nlohmann::basic_json<nlohmann::ordered_map, std::vector, std::string, bool, std::int64_t, std::uint64_t, float>;

/// JSON as text: on one line, or with `indent` blanks a level. Bytes that are not UTF-8 become U+FFFD.
template <class Value>
  requires requires { typename Value::error_handler_t; }
std::string dumped(const Value& json, int indent = -1) {
  return json.dump(indent, ' ', false, Value::error_handler_t::replace);
}
/// The same of what is only said in braces.
inline std::string dumped(const AnswerJson& json) { return dumped<AnswerJson>(json, -1); }

constexpr std::size_t kMostJsonLevels = 64;

/// Parses `text`. Refuses duplicate keys, more than `most_levels` levels, and anything after the value.
/// Throws `Error{kind}` naming `where` and the byte: what is damaged is a model's file unless the caller says
/// otherwise.
Json parse_json(std::string_view text, const std::string& where, std::size_t most_levels = kMostJsonLevels,
                ErrorCode kind = ErrorCode::bad_checkpoint);

/// Reads and parses a file that must hold a JSON object; at most `limit` bytes of it (`Error{too_large}` beyond).
Json read_json_object(const std::filesystem::path& path, std::size_t limit = std::size_t{256} << 20U);

/// The member `key` of `object`, or nullptr when it is absent or null.
const Json* find_member(const Json& object, const char* key);

/// The value as JSON text, in quotes and cut, for messages.
std::string quoted_json(const Json& value);

/// What a value is read from: what messages call it, and whose fault a wrong value is, the file's unless it is said.
struct JsonSource {  // NOLINTBEGIN(google-explicit-constructor): a name alone is one
  JsonSource(std::string name, ErrorCode fault = ErrorCode::bad_checkpoint) : where(std::move(name)), kind(fault) {}
  JsonSource(const char* name) : JsonSource(std::string(name)) {}
  // NOLINTEND(google-explicit-constructor)
  std::string where;
  ErrorCode kind;
};

/// The member `key` of `object` as `T`, or `fallback` when it is absent or null.
/// Throws an `Error` of the source's kind naming it, the key, what was expected and what was found.
bool bool_or(const Json& object, const char* key, bool fallback, const JsonSource& source);
std::string string_or(const Json& object, const char* key, const std::string& fallback, const JsonSource& source);
double number_or(const Json& object, const char* key, double fallback, const JsonSource& source);
/// `value` as a whole number from 0 to `limit`, however it is written (3.0 is one); nothing when it is none.
std::optional<std::size_t> whole_number(const Json& value, std::size_t limit = std::size_t{1} << 31U);
/// A whole number from 0 to `limit`.
std::size_t size_or(const Json& object, const char* key, std::size_t fallback, const JsonSource& source,
                    std::size_t limit = std::size_t{1} << 31U);

/// The same, for a member that must be there and not be null.
const Json& require_member(const Json& object, const char* key, const JsonSource& source);
std::size_t require_size(const Json& object, const char* key, const JsonSource& source,
                         std::size_t limit = std::size_t{1} << 31U);
std::string require_string(const Json& object, const char* key, const JsonSource& source);

}  // namespace tastevin
