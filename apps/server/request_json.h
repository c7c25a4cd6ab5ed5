#pragma once

// Bodies of requests.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "base/option_json.h"
#include "call.h"
#include "serve/scheduler.h"
#include "server_options.h"

namespace tastevin::server {

/// What a client sent: a wrong value in it is the client's.
inline JsonSource sent(const char* where) { return {where, ErrorCode::invalid_argument}; }

/// `text`, of the body, as JSON. Throws `Error{invalid_argument}`, which never repeats bytes of it.
Json parse_body(const Call& call, std::string_view text);

/// The body as a JSON object. Throws `Error{invalid_argument}`, which never repeats bytes of it.
Json object_of(const Call& call);

/// Throws `Error{invalid_argument}` for a body that is no object.
void require_object(const Json& body);

/// An input of the native form: a string, or {"text", "text_pair"}.
serve::Input input_of(const Json& value, const std::string& where);

/// Throws `Error{too_large}`, which names the member, for more than `most`. Asked before a list is taken apart: of a
/// body of some megabytes it would be hundreds.
void check_count(std::size_t count, const char* member, std::size_t most);

/// The member `name`: a string, or a list of at most `most`. Throws `Error{invalid_argument | too_large}` for anything
/// else, and nothing.
std::vector<std::string> strings_of(const Json& json, const char* name, std::size_t most);

/// Throws `Error{too_large}` for a text over the limit.
void check_texts(const std::vector<std::string>& texts, const ServerOptions& limits);

/// Texts of one request for what runs each many times, and labels of one.
constexpr std::size_t kMostExplained = 16;
constexpr std::size_t kMostZeroShot = 128;

/// The member `parameters`, an empty object where there is none.
const Json& parameters_of(const Json& object);

/// {"error": "message"}, as several protocols have it.
Answer error_answer(const Error& error, std::optional<unsigned> status);

}  // namespace tastevin::server
