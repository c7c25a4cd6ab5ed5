#pragma once

// Bodies of requests.

#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "base/option_json.h"
#include "call.h"
#include "serve/scheduler.h"
#include "server_options.h"

namespace tastevin::server {

/// The body as a JSON object. Throws `Error{invalid_argument}`, which never repeats bytes of it.
Json object_of(const Call& call);

/// Throws `Error{invalid_argument}` for a body that is no object.
void require_object(const Json& body);

/// An input of the native form: a string, or {"text", "text_pair"}.
serve::Input input_of(const Json& value, const std::string& where);

/// The member `name`: a string, or a list of them. Throws `Error{invalid_argument}` for anything else, and nothing.
std::vector<std::string> strings_of(const Json& json, const char* name);

/// Throws `Error{too_large}`, which names the member, for more than `most` texts, and for one over the limit.
void check_texts(const std::vector<std::string>& texts, const char* member, const ServerOptions& limits,
                 std::size_t most);

/// The member `parameters`, an empty object where there is none.
const Json& parameters_of(const Json& object);

/// {"error": "message"}, as several protocols have it.
Answer error_answer(const Error& error);

}  // namespace tastevin::server
